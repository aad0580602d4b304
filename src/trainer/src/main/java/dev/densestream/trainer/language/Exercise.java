package dev.densestream.trainer.language;

import static java.util.Objects.requireNonNull;

import dev.densestream.trainer.world.Colour;
import dev.densestream.trainer.world.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Something to say again, word by word, whatever the pictures show: what an answer that is part of
 * its question asks for. For training alone.
 */
public record Exercise(String question, String answer) {
  /** The type of its question. */
  public static final String WORD = "exercise";

  /** What it is asked by; {@code %s} is a sentence, or an object. */
  static final String AGAIN = "Tell me: %s.";

  static final String ONE_OF_TWO = "Tell me about the %s: %s or %s.";

  /** Not by the words first and last, which ask for what happens so. */
  static final String START_OF_TWO = "Tell me the start: %s or %s.";

  static final String END_OF_TWO = "Tell me the end: %s or %s.";

  private static final List<String> PREDICATES = Predicates.all();

  public Exercise {
    requireNonNull(question, "question is null");
    requireNonNull(answer, "answer is null");
  }

  /**
   * One sentence to say again, then one of two, the one about an object, then as often as asked for
   * the first or the last of two that are much alike.
   */
  public static List<Exercise> some(RandomGenerator random, int count) {
    List<Exercise> all = new ArrayList<>(plain(random));
    while (all.size() < count) {
      all.add(alike(random));
    }
    return List.copyOf(all.subList(0, count));
  }

  private static List<Exercise> plain(RandomGenerator random) {
    Description one = name(random);
    Description other = another(one, random);
    String wanted = sentence(one, random);
    String unwanted = sentence(other, random);
    boolean swapped = random.nextBoolean();
    String said = sentence(name(random), random);
    return List.of(
        new Exercise(AGAIN.formatted(said), said),
        new Exercise(
            ONE_OF_TWO.formatted(
                one.text(), swapped ? unwanted : wanted, swapped ? wanted : unwanted),
            wanted));
  }

  private static Description another(Description one, RandomGenerator random) {
    Description other = name(random);
    while (other.equals(one)) {
      other = name(random);
    }
    return other;
  }

  /** Both of one object, or of two of the same shape or colour that do the same. */
  private static Exercise alike(RandomGenerator random) {
    Description one = name(random);
    String predicate = any(PREDICATES, random);
    String first = sentence(one, predicate);
    String last = first;
    while (last.equals(first)) {
      last =
          random.nextBoolean()
              ? sentence(one, random)
              : sentence(resembling(one, random), predicate);
    }
    boolean firstWanted = random.nextBoolean();
    return new Exercise(
        (firstWanted ? START_OF_TWO : END_OF_TWO).formatted(first, last),
        firstWanted ? first : last);
  }

  private static Description resembling(Description one, RandomGenerator random) {
    Description other = another(one, random);
    return random.nextBoolean()
        ? new Description(Optional.empty(), one.colour(), other.shape())
        : new Description(Optional.empty(), other.colour(), one.shape());
  }

  private static String sentence(Description one, RandomGenerator random) {
    return sentence(one, any(PREDICATES, random));
  }

  private static String sentence(Description one, String predicate) {
    return "the " + one.text() + " " + predicate;
  }

  private static Description name(RandomGenerator random) {
    Optional<Colour> colour =
        random.nextInt(3) > 0
            ? Optional.of(any(List.of(Colour.values()), random))
            : Optional.empty();
    Optional<Shape> shape =
        colour.isEmpty() || random.nextInt(3) > 0
            ? Optional.of(any(List.of(Shape.values()), random))
            : Optional.empty();
    return new Description(Optional.empty(), colour, shape);
  }

  private static <T> T any(List<T> all, RandomGenerator random) {
    return all.get(random.nextInt(all.size()));
  }
}
