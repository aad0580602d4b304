package dev.densestream.answerservice.clip;

import dev.densestream.answerservice.AnswerEngine;
import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.VisualContext;
import dev.densestream.visionpipeline.VisualTokens;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;

/** Asks the engine one question about some frames, waiting for room in its queue. */
final class WindowQuestion {
  private static final int TRIES_WHEN_BUSY = 60;

  private final AnswerEngine engine;
  private final String question;
  private final GenerationSettings generation;

  WindowQuestion(AnswerEngine engine, String question, GenerationSettings generation) {
    this.engine = engine;
    this.question = question;
    this.generation = generation;
  }

  /** Tokens, then {@code Finished} or {@code Failed}; {@code Rejected} only after minutes of it. */
  Flux<AnswerEvent> about(List<VisualTokens> frames) {
    return Flux.using(() -> engine.context(frames), this::about, VisualContext::close);
  }

  /** The same about frames that other questions are about too; the caller closes the context. */
  Flux<AnswerEvent> about(VisualContext context) {
    return engine
        .answer(context, List.of(Turn.user(question)), generation)
        .map(WindowQuestion::failWhenBusy)
        .retryWhen(
            Retry.backoff(TRIES_WHEN_BUSY, Duration.ofMillis(100))
                .maxBackoff(Duration.ofSeconds(5))
                .filter(EngineBusyException.class::isInstance)
                .onRetryExhaustedThrow((_, last) -> last.failure()))
        .onErrorResume(
            EngineBusyException.class, busy -> Flux.just(new AnswerEvent.Rejected(detail(busy))));
  }

  private static AnswerEvent failWhenBusy(AnswerEvent event) {
    if (event instanceof AnswerEvent.Rejected(var detail)) {
      throw new EngineBusyException(detail);
    }
    return event;
  }

  private static String detail(EngineBusyException busy) {
    return busy.getMessage() == null ? "the model is busy" : busy.getMessage();
  }
}
