package dev.densestream.ingest.offending;

import dev.densestream.framesampler.FrameCounts;

/** In the leftmost module, and uses the one to its right. */
public final class LooksRight {
  final FrameCounts counts = FrameCounts.NONE;
}
