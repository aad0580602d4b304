package dev.densestream.trainer.language;

import static java.util.Objects.requireNonNull;

import dev.densestream.trainer.world.Colour;
import dev.densestream.trainer.world.Shape;
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

  private static final List<String> PREDICATES = Predicates.all();

  public Exercise {
    requireNonNull(question, "question is null");
    requireNonNull(answer, "answer is null");
  }

  /** One sentence to say again, and one of two, the one about an object. */
  public static List<Exercise> some(RandomGenerator random) {
    String one = name(random);
    String other = name(random);
    while (other.equals(one)) {
      other = name(random);
    }
    String wanted = sentence(one, random);
    String unwanted = sentence(other, random);
    boolean swapped = random.nextBoolean();
    String said = sentence(name(random), random);
    return List.of(
        new Exercise(AGAIN.formatted(said), said),
        new Exercise(
            ONE_OF_TWO.formatted(one, swapped ? unwanted : wanted, swapped ? wanted : unwanted),
            wanted));
  }

  private static String sentence(String name, RandomGenerator random) {
    return "the " + name + " " + any(PREDICATES, random);
  }

  private static String name(RandomGenerator random) {
    Optional<Colour> colour =
        random.nextInt(3) > 0
            ? Optional.of(any(List.of(Colour.values()), random))
            : Optional.empty();
    Optional<Shape> shape =
        colour.isEmpty() || random.nextInt(3) > 0
            ? Optional.of(any(List.of(Shape.values()), random))
            : Optional.empty();
    return new Description(Optional.empty(), colour, shape).text();
  }

  private static <T> T any(List<T> all, RandomGenerator random) {
    return all.get(random.nextInt(all.size()));
  }
}
