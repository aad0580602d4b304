package dev.densestream.answerservice.live;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.Answer;
import dev.densestream.answerservice.Answer.Outcome;
import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.VisualContext;
import dev.densestream.answerservice.window.ClosedWindow;
import dev.densestream.answerservice.window.ClosedWindow.Ending;
import dev.densestream.framesampler.DropReason;
import dev.densestream.ingest.PtsRange;
import dev.densestream.ingest.StreamId;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * Gives every closed window its terminal record. All questions that see the same frames of the same
 * window share one visual context, hence one prefilled prefix. Never errors: what goes wrong is an
 * outcome.
 */
final class WindowAnswers {
  private static final Logger LOG = LoggerFactory.getLogger(WindowAnswers.class);

  /** Questions of one window put to the engine at the same time; it queues and batches them. */
  private static final int QUESTIONS_AHEAD = 8;

  private final AnswerModel model;
  private final WindowEvidence evidence;
  private final LiveMetrics metrics;
  private final Deadline deadline;
  private final Clock clock;

  WindowAnswers(AnswerModel model, LiveMetrics metrics, Deadline deadline, Clock clock) {
    this.model = requireNonNull(model, "model is null");
    this.evidence = new WindowEvidence(model);
    this.metrics = requireNonNull(metrics, "metrics is null");
    this.deadline = requireNonNull(deadline, "deadline is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /**
   * The longest time an answer may take from its first event on, which says that it has a slot; and
   * the clock that measures it. Waiting for a slot has no end: it is what holds the stream back.
   */
  record Deadline(Duration time, Scheduler timer) {}

  /** The queue of the engine was full. */
  private static final class QueueFullException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** The answers to the windows of one stream, in their order. */
  Mono<List<Answer>> answer(StreamId stream, List<ClosedWindow> windows) {
    Map<View, List<ClosedWindow>> byView = new LinkedHashMap<>();
    windows.stream()
        .filter(w -> isAsked(w) && evidence.seen(w) > 0)
        .forEach(w -> byView.computeIfAbsent(view(w), _ -> new ArrayList<>()).add(w));
    return Flux.fromIterable(byView.values())
        .concatMap(same -> ask(stream, same), 1)
        .collectMap(Answered::window, Answered::answer)
        .map(asked -> windows.stream().map(w -> terminal(stream, w, asked)).toList());
  }

  private record Answered(ClosedWindow window, Answer answer) {}

  /** What a question sees: whose are equal share a prefix. */
  private record View(PtsRange range, int frames) {}

  private View view(ClosedWindow window) {
    return new View(window.range(), evidence.seen(window));
  }

  private static boolean isAsked(ClosedWindow window) {
    return window.ending() == Ending.COMPLETE && !window.content().frames().isEmpty();
  }

  private Answer terminal(StreamId stream, ClosedWindow window, Map<ClosedWindow, Answer> asked) {
    Answer answer = asked.get(window);
    return answer == null ? answer(stream, window, unasked(window)) : answer;
  }

  private Outcome unasked(ClosedWindow window) {
    return switch (window.ending()) {
      case LAGGING -> new Outcome.Skipped(Answer.SkipReason.LAGGING);
      case SUPERSEDED -> new Outcome.Skipped(Answer.SkipReason.SUPERSEDED);
      case WITHDRAWN -> new Outcome.Skipped(Answer.SkipReason.WITHDRAWN);
      case COMPLETE ->
          window.content().frames().isEmpty()
              ? withoutFrames(window.content())
              : evidence.tooFew(window);
    };
  }

  private static Outcome withoutFrames(ClosedWindow.Content content) {
    if (content.counts().dropped().containsKey(DropReason.ENCODER)) {
      return new Outcome.Failed(
          "encoder_failed",
          "The vision encoder failed on the window's frames; the dead-letter topic says why.");
    }
    return content.coverage() > 0
        ? new Outcome.Skipped(Answer.SkipReason.NO_FRAMES)
        : new Outcome.Failed(
            "undecodable",
            "None of the window's video could be decoded; the dead-letter topic says why.");
  }

  private Flux<Answered> ask(StreamId stream, List<ClosedWindow> same) {
    return Flux.using(
            () -> model.engine().context(evidence.shown(same.getFirst())),
            context ->
                Flux.fromIterable(same)
                    .flatMapSequential(
                        w -> outcome(context, w).map(o -> new Answered(w, answer(stream, w, o))),
                        QUESTIONS_AHEAD,
                        1),
            VisualContext::close)
        .onErrorResume(error -> failed(stream, same, error));
  }

  /** The context itself could not be made. */
  private Flux<Answered> failed(StreamId stream, List<ClosedWindow> same, Throwable error) {
    Outcome outcome = failure(error);
    return Flux.fromIterable(same).map(w -> new Answered(w, answer(stream, w, outcome)));
  }

  private Mono<Outcome> outcome(VisualContext context, ClosedWindow window) {
    return Mono.defer(
        () -> {
          long start = System.nanoTime();
          return generate(context, window)
              .retryWhen(
                  Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(50))
                      .maxBackoff(Duration.ofSeconds(2))
                      .filter(QueueFullException.class::isInstance))
              .onErrorResume(error -> Mono.just(failure(error)))
              .doOnNext(outcome -> metrics.answered(outcome, System.nanoTime() - start));
        });
  }

  private Mono<Outcome> generate(VisualContext context, ClosedWindow window) {
    return model
        .engine()
        .answer(
            context,
            List.of(Turn.user(window.question().text())),
            GenerationSettings.greedy(window.bounds().tokens(), window.answerFormat()))
        // From when it has a slot: a window must not fail because others were asked before it.
        .switchOnFirst((_, events) -> events.last().timeout(deadline.time, deadline.timer))
        .single()
        .map(WindowAnswers::outcome);
  }

  private static Outcome outcome(AnswerEvent last) {
    return switch (last) {
      case AnswerEvent.Finished(String text, var reason, var usage, var verdict) ->
          new Outcome.Answered(text, reason, usage, verdict);
      case AnswerEvent.Rejected _ -> throw new QueueFullException();
      case AnswerEvent.Failed(String code, String detail) -> new Outcome.Failed(code, detail);
      case AnswerEvent.Begun _, AnswerEvent.Token _ ->
          throw new IllegalStateException("a token is no end");
    };
  }

  private Outcome failure(Throwable error) {
    if (error instanceof TimeoutException) {
      return new Outcome.Failed(
          "model_timeout", "The model did not answer within " + deadline.time.toSeconds() + " s.");
    }
    LOG.error("a window could not be answered", error);
    return new Outcome.Failed("model_error", "The model failed; the service's log says why.");
  }

  private Answer answer(StreamId stream, ClosedWindow window, Outcome outcome) {
    return new Answer(
        Answer.Source.stream(stream.value()),
        window.question(),
        new Answer.Window(
            window.range().startMicros(),
            window.range().endMicros(),
            window.content().capturedAt()),
        outcome,
        evidence.of(window, outcome),
        clock.instant());
  }
}
