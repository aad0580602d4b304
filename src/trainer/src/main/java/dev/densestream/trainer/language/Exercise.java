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
 *
 * @param sentences of the question, in its order
 */
public record Exercise(String question, String answer, List<String> sentences) {
  /** The type of its question. */
  public static final String WORD = "exercise";

  /** What it is asked by; {@code %s} is a sentence, or an object. */
  static final String AGAIN = "Tell me: %s.";

  static final String ONE_OF_TWO = "Tell me about the %s: %s or %s.";

  /**
   * By what is done: the object's words come before it, so that they have to be looked for from
   * there, as when it is known what happens first.
   */
  static final String DOER_OF_TWO = "Tell me what %s: %s or %s.";

  private static final List<String> PREDICATES = Predicates.all();

  public Exercise {
    requireNonNull(question, "question is null");
    requireNonNull(answer, "answer is null");
    sentences = List.copyOf(sentences);
  }

  /**
   * One sentence to say again, then one of two, the one about an object, then as often as asked for
   * one of two about objects often alike, the one of whom something is said.
   */
  public static List<Exercise> some(RandomGenerator random, int count) {
    List<Exercise> all = new ArrayList<>(plain(random));
    while (all.size() < count) {
      all.add(doer(random));
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
        new Exercise(AGAIN.formatted(said), said, List.of(said)),
        ofTwo(ONE_OF_TWO, one.text(), wanted, unwanted, swapped));
  }

  private static Description another(Description one, RandomGenerator random) {
    Description other = name(random);
    while (other.equals(one)) {
      other = name(random);
    }
    return other;
  }

  private static Exercise doer(RandomGenerator random) {
    Description one = name(random);
    Description other = random.nextBoolean() ? resembling(one, random) : another(one, random);
    String done = any(PREDICATES, random);
    String elsewhere = done;
    while (elsewhere.equals(done)) {
      elsewhere = any(PREDICATES, random);
    }
    String wanted = sentence(one, done);
    String unwanted = sentence(other, elsewhere);
    return ofTwo(DOER_OF_TWO, done, wanted, unwanted, random.nextBoolean());
  }

  private static Exercise ofTwo(
      String words, String about, String wanted, String unwanted, boolean swapped) {
    List<String> sentences = swapped ? List.of(unwanted, wanted) : List.of(wanted, unwanted);
    return new Exercise(
        words.formatted(about, sentences.getFirst(), sentences.getLast()), wanted, sentences);
  }

  /** Of the same colour or of the same shape. */
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
