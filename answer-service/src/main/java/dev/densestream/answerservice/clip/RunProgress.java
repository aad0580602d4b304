package dev.densestream.answerservice.clip;

import dev.densestream.framesampler.MediaProbe;

/** How far one run is. Used by one run, whose events come one at a time. */
final class RunProgress {
  private final long durationMicros;
  private long frames;

  RunProgress(MediaProbe probe) {
    durationMicros = probe.durationMicros();
  }

  ClipEvent.Progress encoded(long ptsMicros) {
    frames++;
    double fraction = durationMicros <= 0 ? 0 : (double) ptsMicros / durationMicros;
    return new ClipEvent.Progress(Math.clamp(fraction, 0.0, 1.0), frames, ptsMicros);
  }
}
