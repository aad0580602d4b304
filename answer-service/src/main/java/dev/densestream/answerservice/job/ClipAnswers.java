package dev.densestream.answerservice.job;

import dev.densestream.answerservice.Answer;
import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.clip.CaptionSettings;
import dev.densestream.answerservice.clip.ClipResult;
import dev.densestream.answerservice.clip.TimedText;
import dev.densestream.framesampler.FrameCounts;
import java.time.Instant;
import java.util.List;

/** The terminal records of one job: one per text, or a single one that says why there is none. */
final class ClipAnswers {
  private final ClipJob job;
  private final Answer.Model model;
  private final Instant time;

  ClipAnswers(ClipJob job, AnswerModel model, Instant time) {
    this.job = job;
    this.model = new Answer.Model(model.name(), model.notice());
    this.time = time;
  }

  List<Answer> answered(ClipResult result) {
    return result.texts().stream().map(text -> answered(result.extent(), text)).toList();
  }

  Answer failed(String code, String detail) {
    return answer(
        new Answer.Window(0, 0, null),
        new Answer.Outcome.Failed(code, detail),
        new Answer.Evidence(FrameCounts.NONE, List.of(), 0, 0, null, model));
  }

  private Answer answered(ClipResult.Extent extent, TimedText text) {
    return answer(
        new Answer.Window(text.range().startMicros(), text.range().endMicros(), null),
        new Answer.Outcome.Answered(text.text(), text.finishReason(), text.usage(), text.verdict()),
        new Answer.Evidence(
            counts(extent.frames(), text.framePtsMicros().size()),
            text.framePtsMicros(),
            coverage(extent.frames()),
            0,
            null,
            model));
  }

  private Answer answer(Answer.Window window, Answer.Outcome outcome, Answer.Evidence evidence) {
    Answer.Asked asked =
        job.question() == null
            ? new Answer.Asked("caption", 1, CaptionSettings.DEFAULT_PROMPT)
            : new Answer.Asked("ask", 1, job.question());
    return new Answer(Answer.Source.clip(job.clip()), asked, window, outcome, evidence, time);
  }

  /** Of the whole clip, with the frames of other windows gated. */
  private static FrameCounts counts(FrameCounts clip, int sampledHere) {
    long sampled = Math.min(sampledHere, clip.sampled());
    return new FrameCounts(
        clip.seen(), sampled, clip.gated() + clip.sampled() - sampled, clip.dropped());
  }

  private static double coverage(FrameCounts clip) {
    long lost = clip.dropped().values().stream().mapToLong(Long::longValue).sum();
    return clip.seen() == 0 ? 0 : (double) (clip.seen() - lost) / clip.seen();
  }
}
