package dev.densestream.answerservice.evaluate;

import java.util.HashMap;
import java.util.Map;

/**
 * The count of one type of questions. Grows with the different answers to open questions alone, by
 * a number for each.
 */
public final class Tally {
  private long count;
  private long right;
  private double luck;
  private final Map<String, Long> openAnswers = new HashMap<>();

  void add(VideoQuestion question, boolean isRight) {
    count++;
    right += isRight ? 1 : 0;
    if (question.choices().isEmpty()) {
      openAnswers.merge(question.answer(), 1L, Long::sum);
    } else {
      luck += 1.0 / question.choices().stream().distinct().count();
    }
  }

  public long count() {
    return count;
  }

  long right() {
    return right;
  }

  /** Share of right answers; 0 without questions. */
  public double accuracy() {
    return count == 0 ? 0 : (double) right / count;
  }

  /**
   * What guessing gets: one of the choices at random; for open questions always the answer that is
   * the most frequent one.
   */
  public double chance() {
    long most = openAnswers.values().stream().mapToLong(Long::longValue).max().orElse(0);
    return count == 0 ? 0 : (luck + most) / count;
  }
}
