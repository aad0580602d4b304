package dev.densestream.answerservice.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.densestream.ingest.RecordPosition;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AnswerCursorTest {
  @Test
  void namesTheRecordFirst_thenTheOtherPartitions() {
    AnswerCursor cursor =
        AnswerCursor.atEnds("video.answers", Map.of(0, 6L, 1, 0L, 2, 10L))
            .past(new RecordPosition("video.answers", 2, 17, 0));
    assertThat(cursor.text()).isEqualTo("video.answers-2-17,0-5");
    assertThat(AnswerCursor.parse("video.answers", cursor.text())).isEqualTo(cursor);
  }

  @Test
  void hasAnId_beforeAnythingWasSeen() {
    AnswerCursor cursor = AnswerCursor.atEnds("a-b", Map.of(0, 0L));
    assertThat(cursor.text()).isEqualTo("a-b");
    assertThat(AnswerCursor.parse("a-b", "a-b").seen()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a-b-",
        "a-b-1",
        "a-b-1-2,",
        "a-b-1-2,1-3",
        "a-b--1-2",
        "c-1-2",
        "a-b-1-2 ",
        "a-b-1-99999999999999999999"
      })
  void refusesWhatItDidNotWrite(String text) {
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> AnswerCursor.parse("a-b", text))
        .satisfies(refused -> assertThat(refused.code()).isEqualTo("bad_last_event_id"));
  }
}
