package dev.densestream.answerservice.generate;

import dev.densestream.answerservice.language.LanguageModel;
import java.util.Set;

/**
 * Bounds of the engine.
 *
 * @param slots answers generated in turns at the same time
 * @param waiting answers that may wait for a slot; more are rejected
 * @param prefillRows rows of one prefill call, so that other answers get their turn between calls
 * @param lengthLimit rows a prompt is cut to, as {@code tokenizer_model_max_length} asks for;
 *     {@link Integer#MAX_VALUE} for none
 * @param maxNewTokens most tokens any answer gets, whatever is asked for
 * @param stopIds tokens that end an answer
 */
public record EngineSettings(
    int slots,
    int waiting,
    int prefillRows,
    int lengthLimit,
    int maxNewTokens,
    Set<Integer> stopIds) {
  public EngineSettings {
    if (slots < 1 || waiting < 0 || prefillRows < 1 || lengthLimit < 1 || maxNewTokens < 1) {
      throw new IllegalArgumentException(
          "slots, prefillRows, lengthLimit and maxNewTokens must be >= 1, waiting >= 0");
    }
    stopIds = Set.copyOf(stopIds);
  }

  /** Eight slots, 64 waiting, no limits. */
  public static EngineSettings defaults(Set<Integer> stopIds) {
    return new EngineSettings(
        8, 64, LanguageModel.PREFILL_ROWS, Integer.MAX_VALUE, Integer.MAX_VALUE, stopIds);
  }
}
