package dev.densestream.answerservice.format;

import dev.densestream.answerservice.AnswerFormat;
import dev.densestream.answerservice.format.FormatException.Code;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/**
 * The ways through tokens by which each of some choices can be written: as it is and with the other
 * case of its first letter, with and without a blank in front, as the tokenizer would go on writing
 * behind the prompt. What can be written as two choices is the one that is spelled so.
 */
public final class ChoicePaths {
  /** Choices of one question. */
  public static final int MOST_CHOICES = 64;

  /** Characters of one choice. */
  public static final int MOST_CHARACTERS = 200;

  private final List<String> choices;
  private final ChoiceTree tree;

  private ChoicePaths(List<String> choices, ChoiceTree tree) {
    this.choices = choices;
    this.tree = tree;
  }

  /**
   * Texts that can be told apart.
   *
   * @throws FormatException if they cannot
   */
  public static List<String> checked(List<String> choices) {
    if (choices.isEmpty() || choices.size() > MOST_CHOICES) {
      throw invalid("choices must be 1 to " + MOST_CHOICES + " texts: were " + choices.size());
    }
    for (String choice : choices) {
      if (choice.isBlank() || choice.length() > MOST_CHARACTERS || !choice.equals(choice.strip())) {
        throw invalid(
            "each choice must be 1 to "
                + MOST_CHARACTERS
                + " characters without blanks around them");
      }
    }
    if (new HashSet<>(choices).size() < choices.size()) {
      throw invalid("choices must be different from each other");
    }
    return List.copyOf(choices);
  }

  private static FormatException invalid(String sentence) {
    return new FormatException(Code.INVALID_CHOICES, sentence + ".");
  }

  /**
   * Of an enumeration: every path is followed to its end.
   *
   * @param continued ids of a text written behind the prompt
   */
  public static ChoicePaths of(List<String> choices, Function<String, List<Integer>> continued) {
    ChoiceTree tree = new ChoiceTree();
    choices.forEach(choice -> tree.add(continued, choice, choices.indexOf(choice)));
    for (int i = 0; i < choices.size(); i++) {
      String choice = choices.get(i);
      tree.add(continued, otherCase(choice), i);
    }
    return new ChoicePaths(choices, tree);
  }

  /** Yes or no, in the usual cases: a path ends as soon as it tells one from the other. */
  public static ChoicePaths yesNo(Function<String, List<Integer>> continued) {
    List<String> choices = AnswerFormat.YesNo.CHOICES;
    ChoiceTree tree = new ChoiceTree();
    for (int i = 0; i < choices.size(); i++) {
      for (String form : forms(choices.get(i))) {
        tree.add(continued, form, i);
      }
    }
    tree.cutWhereDecided();
    return new ChoicePaths(choices, tree);
  }

  private static Set<String> forms(String word) {
    return new LinkedHashSet<>(
        List.of(word, word.toLowerCase(Locale.ROOT), word.toUpperCase(Locale.ROOT)));
  }

  private static String otherCase(String text) {
    int first = text.codePointAt(0);
    int other =
        Character.isUpperCase(first) ? Character.toLowerCase(first) : Character.toUpperCase(first);
    return Character.toString(other) + text.substring(Character.charCount(first));
  }

  public List<String> choices() {
    return choices;
  }

  /** The beginnings, of one token or more, behind which the model must be asked what follows. */
  public List<List<Integer>> open() {
    List<List<Integer>> open = new ArrayList<>();
    tree.open(open);
    return open;
  }

  /** Tokens of the longest path. */
  public int longest() {
    return tree.longest();
  }

  /** For one answer. */
  public ChoiceScores scores() {
    return new ChoiceScores(choices, tree.copy());
  }
}
