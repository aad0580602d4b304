package dev.densestream.answerservice.clip;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.ingest.PtsRange;
import dev.densestream.visionpipeline.VisualTokens;
import java.util.List;

/** Makes the records both kinds of run end with. */
final class Texts {
  private Texts() {}

  static TimedText timed(PtsRange range, List<VisualTokens> frames, AnswerEvent.Finished answer) {
    return new TimedText(
        range,
        answer.text(),
        answer.reason(),
        answer.usage(),
        frames.stream().map(VisualTokens::ptsMicros).toList(),
        answer.verdict());
  }

  static ClipResult.Extent extent(SampleEvent.Finished end) {
    return new ClipResult.Extent(end.durationMicros(), end.counts(), end.damaged());
  }
}
