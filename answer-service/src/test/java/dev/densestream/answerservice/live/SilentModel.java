package dev.densestream.answerservice.live;

import dev.densestream.answerservice.AnswerEngine;
import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.VisualContext;
import dev.densestream.framesampler.Frame;
import dev.densestream.visionpipeline.FrameView;
import dev.densestream.visionpipeline.VisionEncoder;
import dev.densestream.visionpipeline.VisualTokens;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Either half of a model that says nothing, in a call for as long as a test says. */
final class SilentModel implements VisionEncoder, AnswerEngine {
  Duration computing = Duration.ZERO;

  @Override
  public Duration computing() {
    return computing;
  }

  @Override
  public Mono<VisualTokens> encode(Frame frame, FrameView view) {
    return Mono.never();
  }

  @Override
  public int tokensPerFrame() {
    return 1;
  }

  @Override
  public int leastStillTokens() {
    return 1;
  }

  @Override
  public int channels() {
    return 1;
  }

  @Override
  public VisualContext context(List<VisualTokens> frames) {
    throw new UnsupportedOperationException("nobody is asked");
  }

  @Override
  public Flux<AnswerEvent> answer(
      VisualContext context, List<Turn> turns, GenerationSettings settings) {
    return Flux.never();
  }

  @Override
  public void close() {}
}
