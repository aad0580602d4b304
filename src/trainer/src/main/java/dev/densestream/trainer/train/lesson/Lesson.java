package dev.densestream.trainer.train.lesson;

import java.util.List;

/**
 * A window to learn from: T frames of P patches and N visual tokens.
 *
 * @param pixels prepared as when serving, {@code [T, 3, side, side]}
 * @param patches labels {@code [T, P, kinds + parts]}
 * @param tokens labels {@code [T, N, kinds]}
 * @param history labels {@code [T, N, kinds of history]}
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Lesson(
    float[] pixels, long[] patches, long[] tokens, long[] history, List<Dialogue> dialogues) {
  /** A question and its answer. */
  public record Dialogue(String question, String answer, String type) {}

  public Lesson {
    dialogues = List.copyOf(dialogues);
  }
}
