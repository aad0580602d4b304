package dev.densestream.answerservice.evaluate;

import java.util.List;
import java.util.Locale;

/** Whether what a model said is the answer. */
public final class Grade {
  private Grade() {}

  /**
   * With choices: whether the prediction names the right one and no other. Without: whether the
   * answer's words occur in it. Case, punctuation and articles do not count.
   */
  public static boolean right(VideoQuestion question, String prediction) {
    String said = plain(prediction);
    String answer = plain(question.answer());
    if (said.equals(answer)) {
      return true;
    }
    if (question.choices().isEmpty()) {
      return !answer.isEmpty() && names(said, answer);
    }
    List<String> named =
        question.choices().stream().map(Grade::plain).filter(c -> names(said, c)).toList();
    // "top left" names "left" too; the longer one is meant.
    List<String> meant =
        named.stream()
            .filter(c -> named.stream().noneMatch(o -> !o.equals(c) && names(o, c)))
            .distinct()
            .toList();
    return meant.equals(List.of(answer));
  }

  private static boolean names(String text, String words) {
    return (" " + text + " ").contains(" " + words + " ");
  }

  private static String plain(String text) {
    return text.toLowerCase(Locale.ROOT)
        .replace("don't", "do not")
        .replaceAll("[^\\p{L}\\p{N}]+", " ")
        .replaceAll("\\b(a|an|the)\\b", " ")
        .replaceAll("\\s+", " ")
        .strip();
  }
}
