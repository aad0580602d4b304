package dev.densestream.answerservice.evaluate;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Optional;

/** An accuracy that a type of questions must reach. {@code all} is every question. */
public record Requirement(String type, double accuracy) {
  private static final String ALL = "all";

  public Requirement {
    requireNonNull(type, "type is null");
    if (!(accuracy >= 0 && accuracy <= 1)) {
      throw new IllegalArgumentException("accuracy must be in [0, 1]: was " + accuracy);
    }
  }

  /**
   * Reads {@code colour=0.95}.
   *
   * @throws IllegalArgumentException with a sentence for a person
   */
  public static Requirement parse(String text) {
    int equals = text.lastIndexOf('=');
    try {
      return new Requirement(
          text.substring(0, equals).strip(), Double.parseDouble(text.substring(equals + 1)));
    } catch (IndexOutOfBoundsException | IllegalArgumentException wrong) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no requirement; one is written as colour=0.95", wrong);
    }
  }

  /** A sentence when it is not met, also when nothing was asked of its type. */
  public Optional<String> missed(Scores scores) {
    Tally tally = type.equals(ALL) ? scores.all() : scores.type(type);
    if (tally.count() == 0) {
      return Optional.of("no question is of type " + type);
    }
    return tally.accuracy() >= accuracy
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%s is %.4f of %d, required is %.4f",
                type,
                tally.accuracy(),
                tally.count(),
                accuracy));
  }
}
