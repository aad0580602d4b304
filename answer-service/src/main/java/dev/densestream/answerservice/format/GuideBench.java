package dev.densestream.answerservice.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Times what guiding by a JSON Schema adds to each token: mask, look ahead, and the step on. The
 * vocabulary is made up, of a size that is given: every byte, numbers, pieces of JSON, and words of
 * random letters, which share fewer beginnings than those of a language and so cost more.
 */
public final class GuideBench {
  private static final int TOKENS = 64;
  private static final String SCHEMA =
      """
      {"type": "object", "additionalProperties": false, "required": ["scene", "moving", "objects"],
       "properties": {
         "scene": {"type": "string"}, "moving": {"type": "boolean"},
         "objects": {"type": "array", "items": {"type": "object", "additionalProperties": false,
           "required": ["name", "colour", "count"],
           "properties": {"name": {"type": "string"}, "count": {"type": "integer"},
             "colour": {"enum": ["red", "green", "blue", "white", "black"]}}}}}}
      """;

  private final Vocabulary vocabulary;
  private final float[] logits;
  private final Random random = new Random(11);

  /**
   * Microseconds a token, mean over an answer of {@value TOKENS}.
   *
   * @param cold the first answer of a schema
   * @param warm the tenth
   */
  public record Cost(double cold, double warm) {}

  private GuideBench(int size) {
    vocabulary = madeUp(size);
    logits = new float[size];
  }

  /** Measures so many schemas' first answers and later ones, after as many uncounted. */
  public static List<Cost> run(int vocabulary, int repetitions) {
    GuideBench bench = new GuideBench(vocabulary);
    List<Cost> costs = new ArrayList<>();
    for (int i = 0; i < 2 * repetitions; i++) {
      JsonGuides guides = new JsonGuides(JsonGrammar.of(SCHEMA), bench.vocabulary, Set.of());
      double cold = bench.answer(guides);
      double warm = cold;
      for (int later = 1; later < 10; later++) {
        warm = bench.answer(guides);
      }
      if (i >= repetitions) {
        costs.add(new Cost(cold, warm));
      }
    }
    return costs;
  }

  private double answer(JsonGuides guides) {
    JsonGuide guide = guides.guide();
    long nanos = 0;
    int tokens = 0;
    for (; tokens < TOKENS && !guide.isOver(); tokens++) {
      for (int id = 0; id < logits.length; id++) {
        logits[id] = random.nextFloat();
      }
      int left = TOKENS - tokens - 1;
      long start = System.nanoTime();
      guide.mask().apply(logits);
      nanos += System.nanoTime() - start;
      int id = likeliest();
      start = System.nanoTime();
      boolean inTime = guide.leavesTime(id, left);
      if (!inTime) {
        guide.mask(left).apply(logits);
      }
      nanos += System.nanoTime() - start;
      id = inTime ? id : likeliest();
      start = System.nanoTime();
      guide.accept(id);
      nanos += System.nanoTime() - start;
    }
    return nanos / 1e3 / tokens;
  }

  /** An unguided answer needs it just so. */
  private int likeliest() {
    int best = 0;
    for (int id = 1; id < logits.length; id++) {
      best = logits[id] > logits[best] ? id : best;
    }
    return best;
  }

  private static Vocabulary madeUp(int size) {
    Random random = new Random(7);
    List<byte[]> tokens = new ArrayList<>();
    for (int value = 0; value < 256; value++) {
      tokens.add(new byte[] {(byte) value});
    }
    for (String piece :
        List.of("\":", "\": ", "\",", "\", \"", "{\"", "\"}", "},", "}]", "[{", ", ")) {
      tokens.add(piece.getBytes(UTF_8));
    }
    for (int number = 0; number < 1000; number++) {
      tokens.add(Integer.toString(number).getBytes(UTF_8));
    }
    while (tokens.size() < size) {
      tokens.add(word(random).getBytes(UTF_8));
    }
    return Vocabulary.of(size, tokens::get);
  }

  private static String word(Random random) {
    StringBuilder word = new StringBuilder(random.nextBoolean() ? " " : "");
    int length = 2 + random.nextInt(9);
    for (int i = 0; i < length; i++) {
      word.append((char) ('a' + random.nextInt(26)));
    }
    return word.toString();
  }
}
