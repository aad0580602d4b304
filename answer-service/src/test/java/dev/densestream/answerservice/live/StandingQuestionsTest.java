package dev.densestream.answerservice.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.Question;
import dev.densestream.answerservice.WindowShape;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.ingest.StreamId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StandingQuestionsTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Map<String, Question> asked = new HashMap<>();
  private final FixedTable<Question> questions = new FixedTable<>();
  private final StandingQuestions standing =
      new StandingQuestions(questions, new FixedTable<StreamDefinition>(), meters);

  StandingQuestionsTest() {
    questions.content = asked;
  }

  @Test
  void tellsHowManyAreNotAsked_whereATopicHasTooMany() {
    StreamId full = new StreamId("full");
    for (int i = 0; i < 70; i++) {
      ask("q%02d".formatted(i), i < 3 ? Question.ALL_STREAMS : "full");
    }
    assertThat(standing.on(full))
        .hasSize(64)
        .extracting(Question::id)
        .startsWith("q00")
        .endsWith("q63");
    assertThat(unasked()).isEqualTo(6);
    // The controls: another stream has room, and so has this one again.
    assertThat(standing.on(new StreamId("other"))).hasSize(3);
    assertThat(unasked()).isEqualTo(6);
    asked.keySet().removeIf(id -> id.startsWith("q0"));
    assertThat(standing.on(full)).hasSize(60);
    assertThat(unasked()).isZero();
  }

  private double unasked() {
    return meters.get("densestream.questions.unasked").gauge().value();
  }

  private void ask(String id, String stream) {
    asked.put(id, new Question(id, 1, stream, "How many?", new WindowShape(1000, 1000), 8));
  }
}
