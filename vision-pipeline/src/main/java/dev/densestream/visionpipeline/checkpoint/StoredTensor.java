package dev.densestream.visionpipeline.checkpoint;

import java.util.List;

/**
 * One entry of a header.
 *
 * @param begin first byte, counted from the end of the header
 * @param end byte after the last
 */
record StoredTensor(String key, StoredType type, List<Long> shape, long begin, long end) {
  StoredTensor {
    shape = List.copyOf(shape);
  }

  /** Elements; -1 if no file could hold that many. */
  long elements() {
    long count = 1;
    for (long size : shape) {
      if (size != 0 && count > Long.MAX_VALUE / 16 / size) {
        return -1;
      }
      count *= size;
    }
    return count;
  }
}
