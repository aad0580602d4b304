package dev.densestream.framesampler.policy;

import java.util.stream.IntStream;

/**
 * The frames that FreeVA's {@code get_seq_frames} picks: the middle of each of {@code n} equal
 * parts, where part borders are rounded half to even, as Python and NumPy round.
 */
public final class UniformIndices {
  private UniformIndices() {}

  /**
   * Indices of the frames to take.
   *
   * @param total frames in the media
   * @param wanted frames asked for
   * @return min(total, wanted) indices in order. Short media repeat some: 2 of 2 gives 0, 0
   */
  public static int[] of(int total, int wanted) {
    int count = Math.min(total, wanted);
    double part = (total - 1.0) / count;
    return IntStream.range(0, count)
        .map(
            i ->
                (int)
                    Math.floorDiv(
                        (long) Math.rint(part * i) + (long) Math.rint(part * (i + 1)), 2L))
        .toArray();
  }
}
