package dev.densestream.answerservice.generate;

import java.util.Set;

/**
 * Bounds of the engine.
 *
 * @param slots answers generated together
 * @param waiting answers that may wait for a slot; more are rejected
 * @param places rows whose keys and values there is room for, all answers and contexts together;
 *     who finds no room waits
 * @param prefillRows rows of one prefill call; while answers are being generated it is a quarter of
 *     them, so that these keep their pace
 * @param lengthLimit rows a prompt is cut to, as {@code tokenizer_model_max_length} asks for;
 *     {@link Integer#MAX_VALUE} for none
 * @param maxNewTokens most tokens any answer gets, whatever is asked for
 * @param stopIds tokens that end an answer
 */
public record EngineSettings(
    int slots,
    int waiting,
    int places,
    int prefillRows,
    int lengthLimit,
    int maxNewTokens,
    Set<Integer> stopIds) {
  public EngineSettings {
    if (slots < 1
        || waiting < 0
        || places < 1
        || prefillRows < 1
        || lengthLimit < 1
        || maxNewTokens < 1) {
      throw new IllegalArgumentException(
          "slots, places, prefillRows, lengthLimit and maxNewTokens must be >= 1, waiting >= 0");
    }
    stopIds = Set.copyOf(stopIds);
  }

  /** Eight slots, 64 waiting, room for 16384 rows, no limits. */
  public static EngineSettings defaults(Set<Integer> stopIds) {
    return new EngineSettings(8, 64, 16_384, 512, Integer.MAX_VALUE, Integer.MAX_VALUE, stopIds);
  }
}
