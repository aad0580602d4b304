package dev.densestream.framesampler;

import dev.densestream.framesampler.pool.DecoderPool;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.SegmentCutter;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Decodes and samples media in a pool of child processes. Hostile media costs a child, never this
 * process.
 *
 * <p>Every returned publisher is cold, honours demand down to the child's pipe, and frees its child
 * when cancelled.
 */
public interface FrameSampler extends SegmentCutter, AutoCloseable {
  /** Starts the pool in the background; the caller closes it. */
  static FrameSampler open(DecoderSettings settings, MeterRegistry registry) {
    return DecoderPool.open(settings, registry);
  }

  /**
   * See {@link SampleEvent} for the order of events. Errors only if this sampler is closed or
   * cannot start children.
   */
  Flux<SampleEvent> sample(Media media, SamplingPolicy policy);

  /**
   * As {@link #sample}, for a whole recording whose frames are taken as slowly as the model works:
   * keeps nobody waiting where {@link DecoderSettings#clips} says so.
   */
  Flux<SampleEvent> sampleClip(Media media, SamplingPolicy policy);

  /**
   * What the media is; errors with {@link dev.densestream.ingest.MediaRefusedException} when it is
   * not usable.
   */
  Mono<MediaProbe> probe(Media media);

  /** Ends all children; waits at most 5 s. */
  @Override
  void close();
}
