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

  /** A topic made anew: its records are where they are, whatever the reader had seen before. */
  @Test
  void namesTheRecord_alsoBeforeWhereTheReaderHadBeen() {
    AnswerCursor ahead = AnswerCursor.parse("t", "t-0-500");
    assertThat(ahead.past(new RecordPosition("t", 0, 3, 0)).text()).isEqualTo("t-0-3");
    assertThat(ahead.past(new RecordPosition("t", 0, 501, 0)).text()).isEqualTo("t-0-501");
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
