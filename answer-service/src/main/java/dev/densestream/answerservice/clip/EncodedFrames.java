package dev.densestream.answerservice.clip;

import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.ingest.Media;
import dev.densestream.visionpipeline.FrameView;
import dev.densestream.visionpipeline.VisionEncoder;
import dev.densestream.visionpipeline.VisualTokens;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Samples a media and encodes its frames, in PTS order. */
final class EncodedFrames {
  /** Frames decoded or being encoded at once: enough to fill a micro-batch, few enough to hold. */
  private static final int FRAMES_AT_ONCE = 4;

  private final FrameSampler sampler;
  private final VisionEncoder encoder;

  EncodedFrames(FrameSampler sampler, VisionEncoder encoder) {
    this.sampler = sampler;
    this.encoder = encoder;
  }

  Flux<Event> of(Media media, SamplingPolicy policy, FrameView view) {
    return sampler
        .sampleClip(media, policy)
        .flatMapSequential(event -> encode(event, view), FRAMES_AT_ONCE, 1);
  }

  private Mono<Event> encode(SampleEvent event, FrameView view) {
    return switch (event) {
      case SampleEvent.Sampled(var frame) -> encoder.encode(frame, view).map(Encoded::new);
      case SampleEvent.Finished finished -> Mono.just(new Ended(finished));
      case SampleEvent.Refused refused -> Mono.just(new GivenUp(refused));
    };
  }

  /** As {@link SampleEvent}, with the frame encoded. */
  sealed interface Event {}

  record Encoded(VisualTokens tokens) implements Event {}

  record Ended(SampleEvent.Finished finished) implements Event {}

  record GivenUp(SampleEvent.Refused refused) implements Event {
    ClipEvent.Refused asClipEvent() {
      return new ClipEvent.Refused(refused.refusal().code().text(), refused.refusal().detail());
    }
  }
}
