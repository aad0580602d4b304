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
  /**
   * A question and its answer.
   *
   * @param onsets of what it speaks of
   */
  public record Dialogue(String question, String answer, String type, List<Onset> onsets) {
    public Dialogue {
      onsets = List.copyOf(onsets);
    }

    /** About what has no beginning. */
    public Dialogue(String question, String answer, String type) {
      this(question, answer, type, List.of());
    }
  }

  /**
   * Which frame is the first to show what a phrase speaks of.
   *
   * @param phrase as in the question
   * @param frame its class in {@link History}
   */
  public record Onset(String phrase, int frame) {}

  public Lesson {
    dialogues = List.copyOf(dialogues);
  }
}
