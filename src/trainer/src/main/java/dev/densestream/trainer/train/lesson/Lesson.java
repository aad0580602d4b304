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
   * @param answers any of which is right: the likeliest is learnt
   * @param mentions what it says that something does
   * @param choices how many answers a question of its kind can have; 0 where it is told freely
   */
  public record Dialogue(
      String question, List<String> answers, String type, List<Mention> mentions, int choices) {
    public Dialogue {
      answers = List.copyOf(answers);
      mentions = List.copyOf(mentions);
      if (answers.isEmpty()) {
        throw new IllegalArgumentException("no answer to: " + question);
      }
    }

    /** Told freely. */
    public Dialogue(String question, List<String> answers, String type, List<Mention> mentions) {
      this(question, answers, type, mentions, 0);
    }

    /** With one right answer. */
    public Dialogue(String question, String answer, String type, List<Mention> mentions) {
      this(question, List.of(answer), type, mentions);
    }

    /** Says of nothing what it does. */
    public Dialogue(String question, String answer, String type) {
      this(question, answer, type, List.of());
    }
  }

  /**
   * A phrase that speaks of an object and of what it does, or of an object for what it does.
   *
   * @param phrase as in the question
   * @param onset the first frame that shows it: its class in {@link History}, {@link Labels#NONE}
   *     where it need not have happened
   */
  public record Mention(String phrase, int onset) {
    /** Of what need not have happened. */
    Mention(String phrase) {
      this(phrase, Labels.NONE);
    }
  }

  public Lesson {
    dialogues = List.copyOf(dialogues);
  }
}
