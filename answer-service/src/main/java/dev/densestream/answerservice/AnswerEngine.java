package dev.densestream.answerservice;

import dev.densestream.visionpipeline.VisualTokens;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Flux;

/** The language model. One thread owns it; requests wait in a bounded queue. */
public interface AnswerEngine extends AutoCloseable {
  /**
   * Makes the context of some frames; its prefix is prefilled at the first question.
   *
   * @param frames in time order; empty for a conversation without pictures
   */
  VisualContext context(List<VisualTokens> frames);

  /**
   * Answers the last of {@code turns}. Cold; cancelling stops generation at the next token.
   *
   * @param turns alternating, first and last by the user
   */
  Flux<AnswerEvent> answer(VisualContext context, List<Turn> turns, GenerationSettings settings);

  /**
   * How long the model's thread has been at one round, a token for each answer under way; zero
   * while it waits.
   */
  Duration computing();

  @Override
  void close();
}
