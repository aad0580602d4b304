package dev.densestream.answerservice.clip;

import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.MediaProbe;
import dev.densestream.framesampler.MediaRefusal;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.ingest.Media;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Emits black frames at a fixed distance, and counts those it was asked for. */
final class ScriptedSampler implements FrameSampler {
  private final long frames;
  private final long stepMicros;
  private final Supplier<SampleEvent> end;
  final AtomicLong emitted = new AtomicLong();

  /** How the last media was to be sampled; all frames come whatever it says. */
  final AtomicReference<SamplingPolicy> asked = new AtomicReference<>();

  ScriptedSampler(long frames, long stepMicros) {
    this.frames = frames;
    this.stepMicros = stepMicros;
    this.end =
        () ->
            new SampleEvent.Finished(
                new FrameCounts(frames, frames, 0, Map.of()), frames * stepMicros, false);
  }

  ScriptedSampler(long frames, long stepMicros, MediaRefusal refusal) {
    this.frames = frames;
    this.stepMicros = stepMicros;
    this.end = () -> new SampleEvent.Refused(refusal, new FrameCounts(frames, frames, 0, Map.of()));
  }

  @Override
  public Flux<SampleEvent> sample(Media media, SamplingPolicy policy) {
    asked.set(policy);
    return Flux.generate(
        () -> 0L,
        (index, sink) -> {
          if (index == frames) {
            sink.next(end.get());
          } else if (index > frames) {
            sink.complete();
          } else {
            emitted.incrementAndGet();
            sink.next(new SampleEvent.Sampled(new Frame(index * stepMicros, 2, 2, new byte[12])));
          }
          return index + 1;
        });
  }

  @Override
  public Flux<SampleEvent> sampleClip(Media media, SamplingPolicy policy) {
    return sample(media, policy);
  }

  @Override
  public Mono<MediaProbe> probe(Media media) {
    return Mono.just(new MediaProbe("mp4", "h264", 2, 2, frames * stepMicros, frames));
  }

  @Override
  public Flux<Piece> cut(Media media, long targetMicros) {
    return Flux.error(new UnsupportedOperationException("clips are not cut"));
  }

  @Override
  public void close() {}
}
