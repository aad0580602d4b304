package dev.densestream.answerservice.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.densestream.answerservice.Answer;
import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerFormat;
import dev.densestream.answerservice.DeadLetter;
import dev.densestream.answerservice.Progress;
import dev.densestream.answerservice.Question;
import dev.densestream.answerservice.Verdict;
import dev.densestream.answerservice.WindowShape;
import dev.densestream.answerservice.clip.ClipFormat;
import dev.densestream.answerservice.clip.ClipResult;
import dev.densestream.answerservice.clip.TimedText;
import dev.densestream.answerservice.job.ClipJob;
import dev.densestream.answerservice.job.ClipOutcome;
import dev.densestream.answerservice.job.ClipStatus;
import dev.densestream.framesampler.DropReason;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.PtsRange;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.ingest.StreamId;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** What the code really writes fits the schemas that are served, and what is broken does not. */
final class SchemasTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final AnswerEvent.Usage USAGE = new AnswerEvent.Usage(9, 4, 0, 3, 5, 8);
  private static final Verdict VERDICT =
      new Verdict(List.of(new Verdict.Share("Yes", 0.75), new Verdict.Share("No", 0.25)));
  private static final FrameCounts COUNTS =
      new FrameCounts(10, 4, 5, Map.of(DropReason.CORRUPT, 1L));

  @ParameterizedTest
  @MethodSource("written")
  void acceptsWhatIsWritten(String schema, String json) throws IOException {
    assertThat(schema(schema).validate(json, InputFormat.JSON)).as(json).isEmpty();
  }

  static Stream<Arguments> written() {
    return Stream.of(
        written("stream-definition", StreamDefinition.fedFromOutside(new StreamId("a")).toJson()),
        written(
            "stream-definition",
            new StreamDefinition(
                    new StreamId("a"),
                    "https://example.org/a.mp4",
                    true,
                    StreamDefinition.Pace.AS_DEMANDED,
                    100,
                    "scene:0.1/10s",
                    StreamDefinition.Overload.LATEST)
                .toJson()),
        written(
            "question",
            new Question("q", 3, "*", "What?", new WindowShape(2000, 1000), 64).toJson()),
        written("question", formatted(new AnswerFormat.YesNo())),
        written("question", formatted(new AnswerFormat.Choices(List.of("red", "green")))),
        written("question", formatted(new AnswerFormat.Json("{\"type\":\"object\"}"))),
        written(
            "answer",
            answer(
                Answer.Source.stream("a"),
                new Answer.Outcome.Answered(
                    "Yes", AnswerEvent.FinishReason.STOP, USAGE, Optional.of(VERDICT)))),
        written("clip-job", new ClipJob("c", null, 1000, 8, NOW).toJson()),
        written("clip-job", new ClipJob("c", null, 1000, 8, 576, NOW, 2).toJson()),
        written("clip-job", new ClipJob("c", "What?", 1000, 8, NOW).toJson()),
        written("clip-outcome", ClipOutcome.done("c", 3, NOW).toJson()),
        written(
            "clip-outcome",
            ClipOutcome.failed("c", new ClipStatus.Failure("gave_up", "Tried."), NOW).toJson()),
        written(
            "answer",
            answer(
                Answer.Source.stream("a"),
                new Answer.Outcome.Answered(
                    "Yes.", AnswerEvent.FinishReason.STOP, USAGE, Optional.empty()))),
        written(
            "answer",
            answer(
                Answer.Source.stream("a"),
                new Answer.Outcome.Skipped(Answer.SkipReason.NO_FRAMES))),
        written(
            "answer",
            answer(Answer.Source.clip("a"), new Answer.Outcome.Failed("truncated", "It ends."))),
        written(
            "dead-letter",
            new DeadLetter(
                    Answer.Source.stream("a"),
                    new DeadLetter.Cause("decoder_crashed", "It crashed.", 139, 11),
                    new RecordPosition("video.segments", 1, 7, 0),
                    5,
                    "0".repeat(64),
                    NOW)
                .toJson()),
        written(
            "dead-letter",
            new DeadLetter(Answer.Source.clip("a"), DeadLetter.Cause.of("x", "y"), null, 5, "", NOW)
                .toJson()),
        written(
            "progress",
            new Progress(
                    new StreamId("a"),
                    5,
                    null,
                    List.of(new Progress.Mark("q", 1, "What?", new WindowShape(2000, 1000), 7)),
                    List.of())
                .toJson()),
        written(
            "progress",
            new Progress(
                    new StreamId("a"),
                    5,
                    new Progress.Placed(1, 7, 5),
                    List.of(),
                    List.of(new Progress.Ended("q", 1, 7)))
                .toJson()),
        written("clip-result", result(Optional.empty())),
        written("clip-result", result(Optional.of("What?"))),
        written("clip-status", status(ClipStatus.State.RUNNING, null)),
        written(
            "clip-status",
            status(ClipStatus.State.FAILED, new ClipStatus.Failure("truncated", "It ends."))));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void refusesWhatIsBroken(String schema, String json) throws IOException {
    assertThat(schema(schema).validate(json.replace('\'', '"'), InputFormat.JSON)).isNotEmpty();
  }

  static Stream<Arguments> broken() {
    String answer =
        new String(
            answer(
                Answer.Source.stream("a"),
                new Answer.Outcome.Answered(
                    "Yes.", AnswerEvent.FinishReason.STOP, USAGE, Optional.empty())),
            UTF_8);
    return Stream.of(
        Arguments.of("stream-definition", "{'id':'a/b'}"),
        Arguments.of("stream-definition", "{'id':'a','speed':1}"),
        Arguments.of("question", "{'id':'a','text':'','window':{'lengthMillis':2000}}"),
        Arguments.of("question", "{'id':'a','text':'x'}"),
        Arguments.of(
            "question", "{'id':'a','text':'x','window':{'lengthMillis':2000},'maxVisualTokens':0}"),
        Arguments.of(
            "question",
            "{'id':'a','text':'x','window':{'lengthMillis':2000},'answerFormat':{'type':'choices'}}"),
        Arguments.of(
            "question",
            "{'id':'a','text':'x','window':{'lengthMillis':2000},'answerFormat':{'type':'number'}}"),
        Arguments.of("answer", answer.replace("\"coverage\":", "\"choice\":\"Yes\",\"coverage\":")),
        Arguments.of("clip-job", "{'clip':'c','acceptedAt':'yesterday'}"),
        Arguments.of(
            "clip-job",
            "{'clip':'c','acceptedAt':'2026-01-02T03:04:05Z','maxVisualTokens':'many'}"),
        Arguments.of(
            "clip-outcome",
            "{'clip':'c','state':'failed','texts':0,'time':'2026-01-02T03:04:05Z'}"),
        Arguments.of(
            "clip-outcome",
            "{'clip':'c','state':'queued','texts':0,'time':'2026-01-02T03:04:05Z'}"),
        Arguments.of("clip-job", "{'clip':7,'acceptedAt':'2026-01-02T03:04:05Z'}"),
        Arguments.of("answer", answer.replace("\"answered\"", "\"failed\"")),
        Arguments.of("answer", answer.replace("\"coverage\":", "\"coverage\":1")),
        Arguments.of(
            "answer", answer.replace("\"stream\":\"a\"", "\"stream\":\"a\",\"clip\":\"a\"")),
        Arguments.of("answer", answer.replace("\"specversion\":\"1.0\",", "")),
        Arguments.of(
            "dead-letter",
            "{'stream':'a','code':'Bad Code','detail':'','sizeBytes':1,'sha256':'','time':'2026-01-02T03:04:05Z'}"),
        Arguments.of("progress", "{'stream':'a','mediaMicros':1,'marks':[{}]}"),
        Arguments.of("clip-result", "{'model':{'name':'a'}}"),
        Arguments.of("clip-status", new String(status(ClipStatus.State.FAILED, null), UTF_8)));
  }

  @Test
  void everySchemaIsItselfOne() throws IOException {
    Schema meta =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
    for (String name : names()) {
      assertThat(meta.validate(text(name), InputFormat.JSON)).as(name).isEmpty();
      assertThat(JSON.readTree(text(name)).path("$id").asString())
          .isEqualTo("/schemas/" + name + ".json");
    }
    assertThat(meta.validate("{\"type\":\"objekt\"}", InputFormat.JSON)).isNotEmpty();
  }

  static List<String> names() {
    return List.of(
        "answer",
        "clip-job",
        "clip-result",
        "clip-status",
        "dead-letter",
        "progress",
        "question",
        "stream-definition");
  }

  private static Arguments written(String schema, byte[] json) {
    return Arguments.of(schema, new String(json, UTF_8));
  }

  private static byte[] answer(Answer.Source source, Answer.Outcome outcome) {
    return new Answer(
            source,
            new Answer.Asked("q", 1, "What?"),
            new Answer.Window(0, 2_000_000, NOW),
            outcome,
            new Answer.Evidence(
                COUNTS,
                List.of(0L, 500_000L),
                0.5,
                1,
                new Answer.Input("video.segments", 1, 3, 9),
                new Answer.Model("m", "demo model")),
            NOW)
        .toJson();
  }

  private static byte[] formatted(AnswerFormat format) {
    return new Question("q", 3, "*", "What?", new WindowShape(2000, 1000), 64, 576, format)
        .toJson();
  }

  private static byte[] result(Optional<String> question) {
    TimedText text =
        new TimedText(
            new PtsRange(0, 5),
            "Yes.",
            AnswerEvent.FinishReason.LENGTH,
            USAGE,
            List.of(0L),
            Optional.of(VERDICT));
    return ClipFormat.JSON
        .write(
            new ClipResult(
                new ClipResult.Model("m", ""),
                new ClipResult.Extent(5, COUNTS, true),
                question,
                List.of(text)))
        .getBytes(UTF_8);
  }

  private static byte[] status(ClipStatus.State state, ClipStatus.@Nullable Failure failure) {
    return JSON.writeValueAsBytes(
        new ClipStatus(
            "c",
            "n",
            "video/mp4",
            5,
            null,
            NOW,
            state,
            new ClipStatus.Progress(0.5, 2, 1),
            failure));
  }

  private static Schema schema(String name) throws IOException {
    return SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            registry ->
                registry.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()))
        .getSchema(text(name), InputFormat.JSON);
  }

  private static String text(String name) throws IOException {
    try (InputStream in =
        SchemasTest.class.getResourceAsStream("/static/schemas/" + name + ".json")) {
      return new String(requireNonNull(in, name).readAllBytes(), UTF_8);
    }
  }
}
