package dev.densestream.answerservice;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * What generating one answer emits: {@link Begun} once it has left the line, any number of {@link
 * Token}s, then exactly one of the others.
 */
public sealed interface AnswerEvent {
  /** The answer has a slot and room: from now on it costs the model's time. */
  record Begun() implements AnswerEvent {}

  /** A further piece of the answer's text, whole characters only. */
  record Token(String text) implements AnswerEvent {
    public Token {
      requireNonNull(text, "text is null");
    }
  }

  /**
   * The answer, whole, special tokens removed and stripped.
   *
   * @param verdict the probabilities, where choices were asked for
   */
  record Finished(String text, FinishReason reason, Usage usage, Optional<Verdict> verdict)
      implements AnswerEvent {
    public Finished {
      requireNonNull(text, "text is null");
      requireNonNull(reason, "reason is null");
      requireNonNull(usage, "usage is null");
      requireNonNull(verdict, "verdict is null");
    }
  }

  /** Refused before any work: the queue is full. Retry later. */
  record Rejected(String detail) implements AnswerEvent {}

  /** Failed, with a stable code such as {@code context_too_long}. */
  record Failed(String code, String detail) implements AnswerEvent {}

  /** Why generation ended. */
  enum FinishReason {
    /** End of sequence, or a stop text. */
    STOP,
    /** {@code maxNewTokens} or the context was used up. */
    LENGTH
  }

  /**
   * What the answer cost.
   *
   * @param visualTokens of the prompt's tokens, how many are visual
   * @param sharedPrefixTokens of the prompt's tokens, how many had been prefilled for another
   *     question
   */
  record Usage(
      int promptTokens,
      int visualTokens,
      int sharedPrefixTokens,
      int completionTokens,
      long timeToFirstTokenMicros,
      long totalMicros) {}
}
