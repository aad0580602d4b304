package dev.densestream.answerservice.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerEvent.FinishReason;
import dev.densestream.answerservice.AnswerEvent.Finished;
import dev.densestream.answerservice.AnswerEvent.Token;
import dev.densestream.answerservice.AnswerFormat;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.Verdict;
import dev.densestream.answerservice.VisualContext;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

@Timeout(180)
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
class ConstrainedAnswersTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final List<Turn> ASKED = List.of(Turn.user("Is it moving?"));
  private static final String SCHEMA =
      """
      {"type": "object", "additionalProperties": false, "required": ["colour", "count", "seen"],
       "properties": {"colour": {"enum": ["red", "green"]}, "count": {"type": "integer"},
         "seen": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 3}}}
      """;

  private static List<AnswerEvent> events(Flux<AnswerEvent> answer) {
    List<AnswerEvent> events = answer.collectList().block(LIMIT);
    assertThat(events).isNotNull();
    return events == null ? List.of() : events;
  }

  private static Finished finished(Flux<AnswerEvent> answer) {
    return (Finished) events(answer).getLast();
  }

  private static GenerationSettings greedy(int tokens, AnswerFormat format) {
    return GenerationSettings.greedy(tokens, format);
  }

  private static double of(Verdict verdict, String choice) {
    return verdict.shares().stream()
        .filter(share -> share.choice().equals(choice))
        .mapToDouble(Verdict.Share::probability)
        .sum();
  }

  @Test
  void runsOnlyItsOwnTokens_forYesOrNoOnASharedPrefix() {
    try (GoldenModel golden = new GoldenModel();
        GoldenOracle oracle = new GoldenOracle("image", ASKED);
        VisualContext context = golden.engine.context(GoldenModel.visual("image"))) {
      finished(golden.engine.answer(context, GoldenModel.question("image"), greedy(1, text())));
      double before = golden.count("densestream.language.prefill.tokens");
      long steps = golden.meters.get("densestream.language.prefill").timer().count();

      Finished end =
          finished(golden.engine.answer(context, ASKED, greedy(9, new AnswerFormat.YesNo())));

      assertThat(golden.count("densestream.language.prefill.tokens") - before)
          .isEqualTo(oracle.ownTokens());
      assertThat(golden.meters.get("densestream.language.prefill").timer().count() - steps)
          .as("one forward pass")
          .isOne();
      assertThat(golden.count("densestream.language.decode.tokens")).isZero();
      assertThat(end.reason()).isEqualTo(FinishReason.STOP);
      assertThat(end.text()).isIn("Yes", "No");
      assertThat(of(end.verdict().orElseThrow(), "Yes") + of(end.verdict().orElseThrow(), "No"))
          .isCloseTo(1, within(1e-9));
    }
  }

  /** Compared in one step, and each in a step of its own. */
  @ParameterizedTest
  @ValueSource(ints = {512, 4})
  void findsEachChoiceAsProbable_asTheModelByItself(int prefillRows) {
    List<String> choices = List.of("a red car", "a blue car", "nothing", "two");
    EngineSettings settings =
        new EngineSettings(
            8, 64, 16_384, prefillRows, Integer.MAX_VALUE, Integer.MAX_VALUE, Set.of(2));
    try (GoldenModel golden = new GoldenModel(settings);
        GoldenOracle oracle = new GoldenOracle("image", ASKED);
        VisualContext context = golden.engine.context(GoldenModel.visual("image"))) {
      Verdict verdict =
          finished(
                  golden.engine.answer(
                      context, ASKED, greedy(9, new AnswerFormat.Choices(choices))))
              .verdict()
              .orElseThrow();

      double[] expected =
          choices.stream().mapToDouble(choice -> asWritten(oracle, choice)).toArray();
      double sum = Arrays.stream(expected).sum();
      for (int i = 0; i < choices.size(); i++) {
        assertThat(verdict.shares().get(i).choice()).isEqualTo(choices.get(i));
        assertThat(verdict.shares().get(i).probability())
            .as(choices.get(i))
            .isCloseTo(expected[i] / sum, within(1e-3 * expected[i] / sum + 1e-9));
      }
      assertThat(golden.count("densestream.language.decode.tokens")).isZero();
      assertThat(golden.gauge("densestream.language.running")).isZero();
    }
  }

  private static double asWritten(GoldenOracle oracle, String choice) {
    String other = choice.substring(0, 1).toUpperCase(Locale.ROOT) + choice.substring(1);
    return List.of(choice, other).stream()
        .flatMap(form -> oracle.spellings(form).stream())
        .distinct()
        .mapToDouble(oracle::probability)
        .sum();
  }

  @Test
  void streamsTheChoice_asOnePiece() {
    try (GoldenModel golden = new GoldenModel();
        VisualContext context = golden.engine.context(List.of())) {
      List<AnswerEvent> events =
          events(
              golden.engine.answer(
                  context, ASKED, greedy(9, new AnswerFormat.Choices(List.of("up", "down")))));
      assertThat(events).hasSize(3);
      assertThat(((Token) events.get(1)).text()).isEqualTo(((Finished) events.get(2)).text());
    }
  }

  @Test
  void answersInJsonThatFits_andEndsInTime() {
    try (GoldenModel golden = new GoldenModel();
        VisualContext context = golden.engine.context(GoldenModel.visual("image"))) {
      for (int tokens : new int[] {60, 100, 300}) {
        List<AnswerEvent> events =
            events(
                golden.engine.answer(
                    context, ASKED, greedy(tokens, new AnswerFormat.Json(SCHEMA))));
        Finished end = (Finished) events.getLast();
        assertThat(problems(end.text())).as(end.text()).isEmpty();
        assertThat(end.reason()).isEqualTo(FinishReason.STOP);
        assertThat(
                events.stream()
                    .filter(Token.class::isInstance)
                    .map(event -> ((Token) event).text())
                    .collect(Collectors.joining()))
            .isEqualTo(end.text());
      }
    }
  }

  @Test
  void saysThatTheLengthEndedIt_whenThereIsTooLittle() {
    try (GoldenModel golden = new GoldenModel();
        VisualContext context = golden.engine.context(GoldenModel.visual("image"))) {
      Finished end =
          finished(golden.engine.answer(context, ASKED, greedy(5, new AnswerFormat.Json(SCHEMA))));
      assertThat(end.reason()).isEqualTo(FinishReason.LENGTH);
      assertThat(end.usage().completionTokens()).isEqualTo(5);
    }
  }

  /** The control: the same model, left alone, fits nothing. */
  @Test
  void fitsNothing_whenNobodyGuidesIt() {
    try (GoldenModel golden = new GoldenModel();
        VisualContext context = golden.engine.context(GoldenModel.visual("image"))) {
      Finished end = finished(golden.engine.answer(context, ASKED, greedy(60, text())));
      assertThat(problems(end.text())).isNotEmpty();
    }
  }

  @Test
  void answersMixedFormatsTogether_asEachAlone() {
    List<AnswerFormat> formats =
        List.of(
            new AnswerFormat.YesNo(),
            new AnswerFormat.Json(SCHEMA),
            new AnswerFormat.Choices(List.of("a red car", "nothing at all")),
            text());
    try (GoldenModel golden = new GoldenModel();
        VisualContext context = golden.engine.context(GoldenModel.visual("image"))) {
      List<String> alone =
          formats.stream()
              .map(f -> finished(golden.engine.answer(context, ASKED, greedy(80, f))).text())
              .toList();
      List<String> together =
          Flux.fromIterable(formats)
              .flatMapSequential(
                  f -> golden.engine.answer(context, ASKED, greedy(80, f)).last(), 4, 1)
              .map(end -> ((Finished) end).text())
              .collectList()
              .block(LIMIT);
      assertThat(together).isEqualTo(alone);
    }
  }

  private static AnswerFormat text() {
    return AnswerFormat.text();
  }

  private static List<String> problems(String text) {
    try {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(SCHEMA, InputFormat.JSON)
          .validate(text, InputFormat.JSON)
          .stream()
          .map(Object::toString)
          .toList();
    } catch (RuntimeException notJson) {
      return List.of(String.valueOf(notJson));
    }
  }
}
