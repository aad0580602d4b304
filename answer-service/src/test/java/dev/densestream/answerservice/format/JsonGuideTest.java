package dev.densestream.answerservice.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.densestream.answerservice.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Random schemas and random models, judged by a validator that knows nothing of the grammar. */
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
final class JsonGuideTest {
  private static final int SCHEMAS = 60;
  private static final int MOST_TOKENS = 400;

  static Stream<String> tokenizers() {
    return Golden.TOKENIZERS.stream();
  }

  private static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void writesJsonThatFitsItsSchema_whateverTheModelSays(String name) {
    try (Tokenizer tokenizer = Golden.tokenizer(name)) {
      Vocabulary vocabulary = Golden.vocabulary(tokenizer);
      RandomGenerator random = random(name.hashCode());
      for (int i = 0; i < SCHEMAS; i++) {
        String schema = new RandomSchema(random).next().toString();
        JsonGuides guides =
            new JsonGuides(JsonGrammar.of(schema), vocabulary, Golden.stopIds(tokenizer));
        assertThat(problems(schema, written(guides, tokenizer, random, true))).as(schema).isEmpty();
      }
    }
  }

  /** The control: what a model that nobody guides says fits nothing. */
  @ParameterizedTest
  @MethodSource("tokenizers")
  void writesNothingThatFits_unguided(String name) {
    try (Tokenizer tokenizer = Golden.tokenizer(name)) {
      Vocabulary vocabulary = Golden.vocabulary(tokenizer);
      RandomGenerator random = random(1);
      String schema = new RandomSchema(random).next().toString();
      JsonGuides guides = new JsonGuides(JsonGrammar.of(schema), vocabulary, Set.of());
      assertThat(problems(schema, written(guides, tokenizer, random, false))).isNotEmpty();
    }
  }

  /** By chance, any allowed token as likely as the other; within the tokens there are. */
  private static byte[] written(
      JsonGuides guides, Tokenizer tokenizer, RandomGenerator random, boolean guided) {
    JsonGuide guide = guides.guide();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    Set<Integer> stopIds = Golden.stopIds(tokenizer);
    for (int left = MOST_TOKENS - 1; left >= 0 && !guide.isOver(); left--) {
      int id = random.nextInt(tokenizer.length());
      if (guided) {
        id = chosen(guide.mask(), tokenizer.length(), random);
        id = guide.leavesTime(id, left) ? id : chosen(guide.mask(left), tokenizer.length(), random);
        if (stopIds.contains(id)) {
          break;
        }
        guide.accept(id);
      }
      text.writeBytes(tokenizer.bytes(id));
    }
    return text.toByteArray();
  }

  private static int chosen(TokenMask mask, int size, RandomGenerator random) {
    float[] logits = new float[size];
    for (int id = 0; id < size; id++) {
      logits[id] = random.nextFloat();
    }
    mask.apply(logits);
    int best = 0;
    for (int id = 1; id < size; id++) {
      best = logits[id] > logits[best] ? id : best;
    }
    assertThat(mask.allows(best)).isTrue();
    return best;
  }

  private static List<String> problems(String schema, byte[] text) {
    try {
      String json = UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
      JsonMapper.shared().readTree(json);
      Schema validator =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
              .getSchema(schema, InputFormat.JSON);
      return validator.validate(json, InputFormat.JSON).stream()
          .map(problem -> json + ": " + problem)
          .toList();
    } catch (CharacterCodingException | JacksonException notJson) {
      return List.of(new String(text, UTF_8) + ": " + notJson.getMessage());
    }
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void allowsExactlyTheTokensThatCanBeRead(String name) {
    try (Tokenizer tokenizer = Golden.tokenizer(name)) {
      Vocabulary vocabulary = Golden.vocabulary(tokenizer);
      Set<Integer> stopIds = Golden.stopIds(tokenizer);
      RandomGenerator random = random(7);
      for (int i = 0; i < 12; i++) {
        JsonGrammar grammar = JsonGrammar.of(new RandomSchema(random).next().toString());
        JsonGuide guide = new JsonGuides(grammar, vocabulary, stopIds).guide();
        List<Integer> said = new ArrayList<>();
        for (int step = 0; step < 40 && !guide.isOver(); step++) {
          TokenMask mask = guide.mask();
          Reading behind = read(grammar, vocabulary, said);
          for (int id = 0; id < tokenizer.length(); id++) {
            assertThat(mask.allows(id))
                .as("%s behind %s", id, said)
                .isEqualTo(fits(behind, grammar, vocabulary, id, stopIds));
          }
          int id = chosen(mask, tokenizer.length(), random);
          if (stopIds.contains(id)) {
            break;
          }
          guide.accept(id);
          said.add(id);
        }
      }
    }
  }

  /** From the beginning, byte by byte, by readings that remember nothing. */
  private static Reading read(JsonGrammar grammar, Vocabulary vocabulary, List<Integer> said) {
    Readings readings = new Readings(grammar);
    Reading at = readings.start();
    for (int id : said) {
      for (byte value : vocabulary.bytes(id)) {
        at = readings.next(at, value & 0xFF);
      }
    }
    return at;
  }

  private static boolean fits(
      Reading behind, JsonGrammar grammar, Vocabulary vocabulary, int id, Set<Integer> stopIds) {
    if (stopIds.contains(id)) {
      return behind.whole;
    }
    Readings readings = new Readings(grammar);
    Reading at = behind;
    for (byte value : vocabulary.bytes(id)) {
      at = readings.next(at, value & 0xFF);
    }
    return vocabulary.bytes(id).length > 0 && !at.isDead();
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void neverAllowsSpecialTokens(String name) {
    try (Tokenizer tokenizer = Golden.tokenizer(name)) {
      JsonGuide guide =
          new JsonGuides(
                  JsonGrammar.of("{\"type\":\"string\"}"),
                  Golden.vocabulary(tokenizer),
                  Golden.stopIds(tokenizer))
              .guide();
      int quote =
          Stream.iterate(0, id -> id + 1)
              .limit(tokenizer.length())
              .filter(id -> new String(tokenizer.bytes(id), UTF_8).equals("\""))
              .findFirst()
              .orElseThrow();
      guide.accept(quote);
      TokenMask mask = guide.mask();
      assertThat(mask.count()).isGreaterThan(100);
      assertThat(tokenizer.specialIds()).isNotEmpty().noneMatch(mask::allows);
    }
  }

  @Test
  void endsInTime_onlyWhereItCan() {
    try (Tokenizer tokenizer = Golden.tokenizer("bpe-qwen2")) {
      JsonGuides guides =
          new JsonGuides(
              JsonGrammar.of("{\"const\":\"0123456789\"}"), Golden.vocabulary(tokenizer), Set.of());
      assertThat(guides.guide().mask(3).count()).isEqualTo(guides.guide().mask().count());
      assertThat(guides.guide().mask(20).count()).isPositive();
    }
  }
}
