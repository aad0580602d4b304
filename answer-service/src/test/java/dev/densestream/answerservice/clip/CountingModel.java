package dev.densestream.answerservice.clip;

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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Answers with the number of frames it sees; counts contexts not yet closed. */
final class CountingModel implements VisionEncoder, AnswerEngine {
  final AtomicInteger openContexts = new AtomicInteger();
  final AtomicInteger contexts = new AtomicInteger();
  private int tokensPerFrame = 1;
  private final Deque<AnswerEvent> before = new ArrayDeque<>();
  private Mono<Void> gate = Mono.empty();

  AnswerModel model() {
    return model(1);
  }

  /** One that says that a frame costs so many visual tokens. */
  AnswerModel model(int perFrame) {
    tokensPerFrame = perFrame;
    return new AnswerModel("counting", "counts only", this, this, 4);
  }

  /** The next question gets this event alone. */
  void answerNextWith(AnswerEvent event) {
    before.add(event);
  }

  /** From now on questions are answered once this completes. */
  void holdUntil(Mono<Void> opened) {
    gate = opened;
  }

  @Override
  public Mono<VisualTokens> encode(Frame frame, FrameView view) {
    return Mono.just(new VisualTokens(frame.ptsMicros(), 1, 1, new float[1]));
  }

  @Override
  public int tokensPerFrame() {
    return tokensPerFrame;
  }

  @Override
  public int leastStillTokens() {
    return tokensPerFrame;
  }

  @Override
  public int channels() {
    return 1;
  }

  @Override
  public VisualContext context(List<VisualTokens> frames) {
    contexts.incrementAndGet();
    openContexts.incrementAndGet();
    return new Seen(frames.size(), openContexts);
  }

  @Override
  public Flux<AnswerEvent> answer(
      VisualContext context, List<Turn> turns, GenerationSettings settings) {
    return Flux.defer(
        () -> {
          AnswerEvent scripted = before.poll();
          if (scripted != null) {
            return Flux.just(scripted);
          }
          String text = context.visualTokens() + " frames";
          var usage = new AnswerEvent.Usage(1, context.visualTokens(), 0, 2, 1, 2);
          return gate.thenMany(
              Flux.just(
                  new AnswerEvent.Token(text),
                  new AnswerEvent.Finished(
                      text, AnswerEvent.FinishReason.STOP, usage, Optional.empty())));
        });
  }

  @Override
  public Duration computing() {
    return Duration.ZERO;
  }

  @Override
  public void close() {}

  private record Seen(int visualTokens, AtomicInteger openContexts) implements VisualContext {
    @Override
    public void close() {
      openContexts.decrementAndGet();
    }
  }
}
