package dev.densestream.answerservice;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * How an answer is generated.
 *
 * @param maxNewTokens at most so many tokens
 * @param temperature 0 is greedy
 * @param topP nucleus of the distribution sampled from, in (0, 1]; 1 is all of it
 * @param seed of the random numbers, so that an answer can be repeated
 * @param stop texts that end the answer and are not part of it; beside the conversation template's
 *     own
 * @param format what the answer may look like. A choice is the most probable one, whatever
 *     temperature and topP are
 */
public record GenerationSettings(
    int maxNewTokens,
    double temperature,
    double topP,
    long seed,
    List<String> stop,
    AnswerFormat format) {
  public GenerationSettings {
    if (maxNewTokens < 1) {
      throw new IllegalArgumentException("maxNewTokens must be >= 1: was " + maxNewTokens);
    }
    if (!(temperature >= 0)) {
      throw new IllegalArgumentException("temperature must be >= 0: was " + temperature);
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("topP must be in (0, 1]: was " + topP);
    }
    stop = List.copyOf(stop);
    requireNonNull(format, "format is null");
  }

  /** The same with another format. */
  public GenerationSettings with(AnswerFormat other) {
    return new GenerationSettings(maxNewTokens, temperature, topP, seed, stop, other);
  }

  public static GenerationSettings greedy(int maxNewTokens) {
    return greedy(maxNewTokens, AnswerFormat.text());
  }

  public static GenerationSettings greedy(int maxNewTokens, AnswerFormat format) {
    return new GenerationSettings(maxNewTokens, 0, 1, 0, List.of(), format);
  }
}
