package dev.densestream.framesampler.protocol;

import dev.densestream.framesampler.MediaLimits;
import dev.densestream.framesampler.SamplingPolicy;

/**
 * What the parent asks for.
 *
 * @param threads decoding threads
 */
public record Task(Verb verb, MediaLimits limits, int threads, Source source) {
  /** What to do with the media. */
  public sealed interface Verb {
    /** Decode it; answered with pictures. */
    record Sample(SamplingPolicy policy) implements Verb {}

    /** Say what it is. */
    record Probe() implements Verb {}

    /** Cut it without decoding; answered with pieces. */
    record Cut(long targetMicros) implements Verb {}
  }

  /** Where the media is. */
  public sealed interface Source {
    /** It follows the task. */
    record Payload(long length) implements Source {}

    /** A regular file. */
    record File(String path) implements Source {}
  }
}
