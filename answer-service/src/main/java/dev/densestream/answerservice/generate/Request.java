package dev.densestream.answerservice.generate;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.generate.LanguageMetrics.Outcome;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.FluxSink;

/**
 * A question and its asker. Nothing is emitted beyond the asker's demand: a turn makes at most four
 * events, and there is no further turn before they are taken.
 */
final class Request {
  private final PrefixContext context;
  private final List<Turn> turns;
  private final GenerationSettings settings;
  private final Formats.Ready format;
  private final FluxSink<AnswerEvent> sink;
  private final long askedNanos = System.nanoTime();
  private final Queue<AnswerEvent> waiting = new ArrayDeque<>(4);
  private @Nullable Outcome outcome;

  Request(
      PrefixContext context,
      List<Turn> turns,
      GenerationSettings settings,
      Formats.Ready format,
      FluxSink<AnswerEvent> sink) {
    this.context = context;
    this.turns = turns;
    this.settings = settings;
    this.format = format;
    this.sink = sink;
  }

  PrefixContext context() {
    return context;
  }

  List<Turn> turns() {
    return turns;
  }

  GenerationSettings settings() {
    return settings;
  }

  Formats.Ready format() {
    return format;
  }

  long askedNanos() {
    return askedNanos;
  }

  boolean isCancelled() {
    return sink.isCancelled();
  }

  boolean isWanted() {
    return sink.requestedFromDownstream() > 0;
  }

  /** Whether the last event was made; it may still wait for demand. */
  boolean isEnded() {
    return outcome != null;
  }

  void emit(AnswerEvent event) {
    waiting.add(event);
    flush();
  }

  void end(AnswerEvent event, Outcome how) {
    outcome = how;
    emit(event);
  }

  void fail(String code, String detail) {
    end(new AnswerEvent.Failed(code, detail), Outcome.FAILED);
  }

  /** Gives the asker what waits, as far as it is wanted; completes after the last event. */
  void flush() {
    while (!waiting.isEmpty() && isWanted()) {
      sink.next(waiting.remove());
    }
  }

  boolean isFlushed() {
    return waiting.isEmpty();
  }

  /** How it ended; cancelled when the asker left before the end. */
  Outcome outcome() {
    return outcome == null ? Outcome.CANCELLED : outcome;
  }

  /** Tells the asker that nothing follows; nothing happens if they have left. */
  void complete() {
    sink.complete();
  }

  /** Gives a piece of text; none if it is empty. */
  void say(String piece) {
    if (!piece.isEmpty()) {
      emit(new AnswerEvent.Token(piece));
    }
  }

  /** The engine closes: an event if one is wanted, an error otherwise. */
  void abandon() {
    if (isWanted() && waiting.isEmpty() && outcome == null) {
      sink.next(new AnswerEvent.Failed("engine_closed", "The engine is shutting down; ask again."));
      sink.complete();
    } else {
      sink.error(new IllegalStateException("language engine closed with an answer under way"));
    }
  }
}
