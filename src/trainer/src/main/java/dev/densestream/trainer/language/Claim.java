package dev.densestream.trainer.language;

import static java.util.Objects.requireNonNull;

import dev.densestream.trainer.world.Colour;
import dev.densestream.trainer.world.Shape;
import dev.densestream.trainer.world.Size;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What one sentence states. */
sealed interface Claim {
  /** That an object is there and does something; the predicate as in the text. */
  record Of(Description subject, String predicate, Optional<Description> other) implements Claim {
    public Of {
      requireNonNull(subject, "subject is null");
      requireNonNull(predicate, "predicate is null");
      requireNonNull(other, "other is null");
    }
  }

  /** That nothing of the world is there. */
  record Unknown() implements Claim {}

  /** The predicate of a sentence that states presence alone. */
  String THERE = "is there";

  Pattern OBJECT =
      Pattern.compile(
          "an? (?:(small|large) )?(?:(%s) )?(%s|object)"
              .formatted(String.join("|", Answers.COLOURS), String.join("|", Answers.SHAPES)));

  /** Empty when it states nothing that could be checked. */
  static Optional<Claim> read(String sentence) {
    String text = sentence.strip().toLowerCase(Locale.ROOT).replaceAll("\\.$", "");
    if (text.equals(Answers.UNKNOWN.toLowerCase(Locale.ROOT))) {
      return Optional.of(new Unknown());
    }
    boolean there = text.startsWith("there is ");
    Matcher subject = OBJECT.matcher(there ? text.substring("there is ".length()) : text);
    if (!subject.lookingAt()) {
      return Optional.empty();
    }
    Description description = description(subject);
    String rest = text.substring((there ? "there is ".length() : 0) + subject.end()).strip();
    return there
        ? Optional.of(rest).filter(String::isEmpty).map(_ -> of(description, THERE))
        : predicate(description, rest);
  }

  /** Such as {@code a red circle}; empty when a text speaks of nothing in the world. */
  static Optional<Description> described(String text) {
    Matcher object = OBJECT.matcher(text);
    return object.matches() ? Optional.of(description(object)) : Optional.empty();
  }

  private static Claim of(Description subject, String predicate) {
    return new Of(subject, predicate, Optional.empty());
  }

  private static Optional<Claim> predicate(Description subject, String rest) {
    for (String verb : new String[] {"passes in front of ", "hits "}) {
      if (rest.startsWith(verb)) {
        Matcher other = OBJECT.matcher(rest.substring(verb.length()));
        return other.matches()
            ? Optional.of(new Of(subject, verb.strip(), Optional.of(description(other))))
            : Optional.empty();
      }
    }
    return Truth.knows(rest) ? Optional.of(of(subject, rest)) : Optional.empty();
  }

  private static Description description(Matcher found) {
    return new Description(
        Optional.ofNullable(found.group(1)).map(word -> Size.valueOf(upper(word))),
        Optional.ofNullable(found.group(2)).map(word -> Colour.valueOf(upper(word))),
        Optional.of(requireNonNull(found.group(3)))
            .filter(word -> !word.equals("object"))
            .map(word -> Shape.valueOf(upper(word))));
  }

  private static String upper(String word) {
    return word.toUpperCase(Locale.ROOT);
  }
}
