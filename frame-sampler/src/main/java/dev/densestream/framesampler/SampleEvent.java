package dev.densestream.framesampler;

import static java.util.Objects.requireNonNull;

/**
 * What sampling one media emits: any number of {@link Sampled}, in PTS order, then exactly one
 * {@link Finished} or {@link Refused}.
 */
public sealed interface SampleEvent {
  /** A frame the policy took. */
  record Sampled(Frame frame) implements SampleEvent {
    public Sampled {
      requireNonNull(frame, "frame is null");
    }
  }

  /**
   * The media was read to its end.
   *
   * @param durationMicros from the first frame to the end of the last one
   * @param damaged true when part of it could not be decoded; the frames before the damage were
   *     emitted
   */
  record Finished(FrameCounts counts, long durationMicros, boolean damaged) implements SampleEvent {
    public Finished {
      requireNonNull(counts, "counts is null");
    }
  }

  /** The media was given up, possibly after some frames. */
  record Refused(MediaRefusal refusal, FrameCounts counts) implements SampleEvent {
    public Refused {
      requireNonNull(refusal, "refusal is null");
      requireNonNull(counts, "counts is null");
    }
  }
}
