package dev.densestream.answerservice.chat;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.Turn;
import java.util.List;

/**
 * One chat completion as it was asked for.
 *
 * @param model which model the caller means; empty for whichever there is
 * @param turns alternating, first and last by the user
 * @param media what the conversation is about, in order
 */
record ChatRequest(
    String model,
    List<Turn> turns,
    List<ChatMedia> media,
    GenerationSettings generation,
    Sight sight,
    Delivery delivery) {
  ChatRequest {
    requireNonNull(model, "model is null");
    requireNonNull(generation, "generation is null");
    requireNonNull(sight, "sight is null");
    requireNonNull(delivery, "delivery is null");
    turns = List.copyOf(turns);
    media = List.copyOf(media);
  }

  /**
   * How the answer is sent.
   *
   * @param stream token by token
   * @param usage with a last chunk that says what it cost; a whole answer always says so
   * @param likeliest of an answer's choices, so many are told with their probabilities; -1 for none
   *     and nothing about the answer itself either
   */
  record Delivery(boolean stream, boolean usage, int likeliest) {}

  /**
   * How much the model sees.
   *
   * @param framesPerVideo of each video; 0 for as many as it is meant to see
   * @param mostTokens visual tokens of all pictures and videos together; {@link
   *     dev.densestream.answerservice.VisualBudget#UNBOUNDED} for no limit
   */
  record Sight(int framesPerVideo, int mostTokens) {}
}
