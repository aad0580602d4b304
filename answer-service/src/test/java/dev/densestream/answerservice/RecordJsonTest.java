package dev.densestream.answerservice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.densestream.answerservice.job.ClipJob;
import dev.densestream.framesampler.DropReason;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.StreamId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RecordJsonTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @Test
  void boundOnVisualTokensComesBack_andIsNotWrittenWhereThereIsNone() {
    Question bounded =
        new Question(
            "q", 3, "a", "Red?", new WindowShape(4000, 2000), 16, 576, AnswerFormat.text());

    assertThat(Question.parse(bounded.toJson())).isEqualTo(bounded);
    Question free = new Question("q", 3, "a", "Red?", new WindowShape(4000, 2000), 16);
    assertThat(new String(free.toJson(), UTF_8)).doesNotContain("maxVisualTokens");
    assertThat(Question.parse(free.toJson()).maxVisualTokens()).isEqualTo(VisualBudget.UNBOUNDED);
    ClipJob job = new ClipJob("c", null, 1000, 8, 576, Instant.EPOCH, 1);
    assertThat(ClipJob.parse(job.toJson())).isEqualTo(job);
  }

  @Test
  void readsBackTheQuestionItWrote() {
    Question question =
        new Question("q.1", 3, "cam-1", "Is it \"red\"?", new WindowShape(4000, 2000), 16);
    assertThat(Question.parse(question.toJson())).isEqualTo(question);
  }

  @Test
  void fillsInWhatAQuestionLeavesOut() {
    Question question = question("{'id':'q','text':'Who?','window':{'lengthMillis':4000}}");
    assertThat(question)
        .isEqualTo(new Question("q", 1, "*", "Who?", new WindowShape(4000, 4000), 64));
  }

  @Test
  void ignoresFieldsOfANewerWriter() {
    assertThat(question("{'id':'q','text':'Who?','window':{'lengthMillis':4000},'colour':1}").id())
        .isEqualTo("q");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "{'id':'q'}",
        "{'id':'a b','text':'Who?','window':{'lengthMillis':4000}}",
        "{'id':'q','text':5,'window':{'lengthMillis':4000}}",
        "{'id':'q','text':' ','window':{'lengthMillis':4000}}",
        "{'id':'q','text':'Who?','window':{'lengthMillis':'4000'}}",
        "{'id':'q','text':'Who?','window':{'lengthMillis':4000.5}}",
        "{'id':'q','text':'Who?','window':{'lengthMillis':4000,'hopMillis':100}}",
        "{'id':'q','text':'Who?','window':{'lengthMillis':4000},'maxTokens':0}",
        "{'id':'q','text':'Who?','window':{'lengthMillis':4000},'maxTokens':99999999999}",
        "{'id':'q','id':'r','text':'Who?','window':{'lengthMillis':4000}}",
        "{'id':'q','text':'Who?','window':{'lengthMillis':4000}} {}",
      })
  void refusesQuestion_withOneSentence(String json) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> question(json))
        .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1).doesNotContain("jackson"));
  }

  @Test
  void refusesQuestion_thatIsTooLarge() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Question.parse(new byte[JsonFields.MAX_BYTES + 1]))
        .withMessageContaining("at most");
  }

  @Test
  void readsBackTheProgressItWrote() {
    Progress progress =
        new Progress(
            new StreamId("cam"),
            12_000_000,
            new Progress.Placed(3, 17, 9_000_000),
            List.of(new Progress.Mark("q", 2, "Who?", new WindowShape(4000, 4000), 8_000_000)),
            List.of(new Progress.Ended("q", 1, 4_000_000)));
    assertThat(Progress.parse(progress.toJson())).isEqualTo(progress);
  }

  @Test
  void givesTheSameId_forTheSameCoordinates_whateverTheOutcome() {
    Answer answered = answer(8_000_000, new Answer.Outcome.Failed("model_timeout", "Too slow."));
    Answer skipped = answer(8_000_000, new Answer.Outcome.Skipped(Answer.SkipReason.LAGGING));
    Answer other = answer(9_000_000, skipped.outcome());

    assertThat(answered.id()).isEqualTo(skipped.id()).hasSize(32).isNotEqualTo(other.id());
  }

  @Test
  void writesAnswerAsStructuredCloudEvent() {
    JsonNode event =
        JsonMapper.shared()
            .readTree(
                answer(
                        8_000_000,
                        new Answer.Outcome.Answered(
                            "Yes.",
                            AnswerEvent.FinishReason.STOP,
                            new AnswerEvent.Usage(10, 4, 0, 2, 5, 9),
                            Optional.empty()))
                    .toJson());

    assertThat(event.path("specversion").stringValue()).isEqualTo("1.0");
    assertThat(event.path("source").stringValue()).isEqualTo("/streams/cam");
    assertThat(event.path("subject").stringValue()).isEqualTo("q");
    JsonNode body = event.path("data");
    assertThat(body.path("outcome").stringValue()).isEqualTo("answered");
    assertThat(body.path("text").stringValue()).isEqualTo("Yes.");
    assertThat(body.path("finishReason").stringValue()).isEqualTo("stop");
    assertThat(body.path("window").path("capturedAt").stringValue()).isEqualTo(NOON.toString());
    assertThat(body.path("frames").path("dropped").path("late").intValue()).isEqualTo(1);
    assertThat(body.path("frames").path("ptsMicros").path(0).longValue()).isEqualTo(4_500_000);
    assertThat(body.path("input").path("lastOffset").longValue()).isEqualTo(9);
  }

  @Test
  void writesDeadLetterByReference() {
    DeadLetter letter =
        new DeadLetter(
            Answer.Source.stream("cam"),
            new DeadLetter.Cause("decoder_crashed", "It crashed.", null, 11),
            new RecordPosition("video.segments", 2, 7, 1),
            1234,
            "ab12",
            NOON);
    JsonNode json = JsonMapper.shared().readTree(letter.toJson());

    assertThat(json.path("signal").intValue()).isEqualTo(11);
    assertThat(json.has("exitCode")).isFalse();
    assertThat(json.path("input").path("offset").longValue()).isEqualTo(7);
    assertThat(letter.toRecord("video.dead-letters").headers())
        .containsEntry("ce_id", "video.segments-2-7");
  }

  private static Question question(String json) {
    return Question.parse(json.replace('\'', '"').getBytes(UTF_8));
  }

  private static Answer answer(long end, Answer.Outcome outcome) {
    return new Answer(
        Answer.Source.stream("cam"),
        new Answer.Asked("q", 1, "Who?"),
        new Answer.Window(4_000_000, end, NOON),
        outcome,
        new Answer.Evidence(
            new FrameCounts(4, 1, 2, Map.of(DropReason.LATE, 1L)),
            List.of(4_500_000L),
            1,
            0,
            new Answer.Input("video.segments", 0, 8, 9),
            new Answer.Model("demo", "demo model")),
        NOON);
  }
}
