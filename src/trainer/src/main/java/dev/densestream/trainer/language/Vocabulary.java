package dev.densestream.trainer.language;

import dev.densestream.trainer.world.Shape;
import dev.densestream.trainer.world.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * All words that questions, answers and captions are made of, in lower case: {@code I} and the
 * first letters of sentences are the only capitals in a text.
 */
public final class Vocabulary {
  private static final Pattern WORD = Pattern.compile("[a-z]+|[0-9]|[.,:?]");

  private Vocabulary() {}

  /** Words, digits and punctuation marks, in alphabetical order. */
  public static List<String> words() {
    Set<String> words = new TreeSet<>();
    texts().forEach(text -> words.addAll(split(text)));
    return List.copyOf(words);
  }

  /** A text's words, digits and punctuation marks; what is none of them is left out. */
  public static List<String> split(String text) {
    return WORD.matcher(text.toLowerCase(Locale.ROOT))
        .results()
        .map(found -> found.group())
        .toList();
  }

  /** A shape's own words: of one and of several. */
  public static List<String> of(Shape shape) {
    return List.of(shape.word(), Description.plural(shape));
  }

  private static List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (CaptionLength length : CaptionLength.values()) {
      texts.addAll(length.prompts());
    }
    for (Wording wording : Wording.values()) {
      wording.all().forEach(text -> texts.add(text.replace("%s", " ")));
    }
    texts.add(Exercise.AGAIN.replace("%s", " "));
    texts.add(Exercise.ONE_OF_TWO.replace("%s", " "));
    texts.add(Exercise.DOER_OF_TWO.replace("%s", " "));
    texts.addAll(
        List.of("a an the object objects there is in front of hits passes .", Answers.UNKNOWN));
    for (List<String> answers :
        List.of(
            Answers.COLOURS,
            Answers.SHAPES,
            Answers.COUNTS,
            Answers.PLACES,
            Answers.LEVELS,
            Answers.DIRECTIONS,
            Answers.YES_NO,
            Answers.ASPECTS,
            Answers.GROWTH)) {
      texts.addAll(answers);
    }
    texts.add(Predicates.STILL);
    texts.addAll(Predicates.all());
    for (Shape shape : Shape.values()) {
      texts.addAll(of(shape));
    }
    for (Size size : Size.values()) {
      texts.add(size.word());
    }
    return texts;
  }
}
