package dev.densestream.answerservice.clip;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.Verdict;
import dev.densestream.ingest.PtsRange;
import java.util.List;
import java.util.Optional;

/**
 * What the model said about a range of the media.
 *
 * @param range of media time, from the first frame at 0
 * @param framePtsMicros of the frames the model saw, ascending
 * @param verdict the probabilities, where choices were asked for
 */
public record TimedText(
    PtsRange range,
    String text,
    AnswerEvent.FinishReason finishReason,
    AnswerEvent.Usage usage,
    List<Long> framePtsMicros,
    Optional<Verdict> verdict) {
  public TimedText {
    requireNonNull(range, "range is null");
    requireNonNull(text, "text is null");
    requireNonNull(finishReason, "finishReason is null");
    requireNonNull(usage, "usage is null");
    requireNonNull(verdict, "verdict is null");
    framePtsMicros = List.copyOf(framePtsMicros);
  }
}
