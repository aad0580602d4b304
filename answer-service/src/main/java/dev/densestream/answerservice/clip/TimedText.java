package dev.densestream.answerservice.clip;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.ingest.PtsRange;
import java.util.List;

/**
 * What the model said about a range of the media.
 *
 * @param range of media time, from the first frame at 0
 * @param framePtsMicros of the frames the model saw, ascending
 */
public record TimedText(
    PtsRange range,
    String text,
    AnswerEvent.FinishReason finishReason,
    AnswerEvent.Usage usage,
    List<Long> framePtsMicros) {
  public TimedText {
    requireNonNull(range, "range is null");
    requireNonNull(text, "text is null");
    requireNonNull(finishReason, "finishReason is null");
    requireNonNull(usage, "usage is null");
    framePtsMicros = List.copyOf(framePtsMicros);
  }
}
