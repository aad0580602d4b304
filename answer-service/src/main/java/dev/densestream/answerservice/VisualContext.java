package dev.densestream.answerservice;

/**
 * What a question is asked about: the visual tokens of some frames in time order, and the model
 * state prefilled from them at the first question. Shared by all questions on the same window. The
 * maker closes it; answers under way finish first.
 */
public interface VisualContext extends AutoCloseable {
  /** Visual tokens, all frames together. */
  int visualTokens();

  @Override
  void close();
}
