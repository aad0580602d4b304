package dev.densestream.answerservice.live;

import dev.densestream.answerservice.AnswerEngine;
import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.VisualContext;
import dev.densestream.framesampler.Frame;
import dev.densestream.visionpipeline.FrameView;
import dev.densestream.visionpipeline.VisionEncoder;
import dev.densestream.visionpipeline.VisualTokens;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A real model with one thing about it changed. */
final class ModelDoubles {
  private ModelDoubles() {}

  /** Answers go through {@code change} on their way to the asker. */
  static AnswerModel answering(AnswerModel model, UnaryOperator<Flux<AnswerEvent>> change) {
    AnswerEngine real = model.engine();
    AnswerEngine changed =
        new AnswerEngine() {
          @Override
          public VisualContext context(List<VisualTokens> frames) {
            return real.context(frames);
          }

          @Override
          public Flux<AnswerEvent> answer(
              VisualContext context, List<Turn> turns, GenerationSettings settings) {
            return Flux.defer(() -> change.apply(real.answer(context, turns, settings)));
          }

          @Override
          public Duration computing() {
            return real.computing();
          }

          @Override
          public void close() {}
        };
    return new AnswerModel(
        model.name(), model.notice(), model.encoder(), changed, model.framesPerWindow());
  }

  /** Encoded frames go through {@code change}; every subscription anew. */
  static AnswerModel encoding(AnswerModel model, UnaryOperator<Mono<VisualTokens>> change) {
    VisionEncoder real = model.encoder();
    VisionEncoder changed =
        new VisionEncoder() {
          @Override
          public Mono<VisualTokens> encode(Frame frame, FrameView view) {
            return Mono.defer(() -> change.apply(real.encode(frame, view)));
          }

          @Override
          public int tokensPerFrame() {
            return real.tokensPerFrame();
          }

          @Override
          public int leastStillTokens() {
            return real.leastStillTokens();
          }

          @Override
          public int channels() {
            return real.channels();
          }

          @Override
          public Duration computing() {
            return real.computing();
          }

          @Override
          public void close() {}
        };
    return new AnswerModel(
        model.name(), model.notice(), changed, model.engine(), model.framesPerWindow());
  }
}
