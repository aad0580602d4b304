package dev.densestream.visionpipeline.runtime;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Pages of mapped files that were read and are not needed any more. The system may have them back
 * at any time, but counts them as this process's until it takes them, and may take others first.
 */
final class MappedPages {
  private MappedPages() {}

  /** Lets go of what is mapped among the buffers. Whoever reads one again still finds its bytes. */
  static void letGo(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      MemorySegment memory = MemorySegment.ofBuffer(buffer);
      if (memory.isMapped()) {
        memory.unload();
      }
    }
  }
}
