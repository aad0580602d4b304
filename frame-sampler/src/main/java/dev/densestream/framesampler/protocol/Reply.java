package dev.densestream.framesampler.protocol;

import dev.densestream.framesampler.FrameCounts;
import dev.densestream.framesampler.MediaProbe;
import dev.densestream.framesampler.MediaRefusal;

/** What the child says; see the package for the order. */
public sealed interface Reply {
  record Hello(int version) implements Reply {}

  record Counted(long frames) implements Reply {}

  record Progress(FrameCounts counts) implements Reply {}

  /** Its RGB follows as payload. */
  record Picture(FrameCounts counts, long ptsMicros, int width, int height) implements Reply {
    public long length() {
      return 3L * width * height;
    }
  }

  /** Its bytes follow as payload. */
  record Piece(
      long startMicros, long endMicros, String contentType, boolean keyframeAligned, int length)
      implements Reply {}

  record Probed(MediaProbe probe) implements Reply {}

  record Finished(FrameCounts counts, long durationMicros, boolean damaged) implements Reply {}

  record Refused(MediaRefusal.Code code, String detail, FrameCounts counts) implements Reply {}

  /** Whether this is the last reply to a task. */
  default boolean last() {
    return switch (this) {
      case Probed _, Finished _, Refused _ -> true;
      case Hello _, Counted _, Progress _, Picture _, Piece _ -> false;
    };
  }
}
