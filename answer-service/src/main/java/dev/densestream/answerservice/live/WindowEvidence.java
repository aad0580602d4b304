package dev.densestream.answerservice.live;

import dev.densestream.answerservice.Answer;
import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.window.ClosedWindow;
import dev.densestream.answerservice.window.ClosedWindow.Ending;
import dev.densestream.framesampler.DropReason;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.visionpipeline.VisualTokens;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What a window's record says about where it came from. */
final class WindowEvidence {
  private WindowEvidence() {}

  /** At most {@code most} of the window's frames, evenly spread, first and last included. */
  static List<VisualTokens> shown(ClosedWindow window, int most) {
    List<VisualTokens> frames = window.content().frames();
    int n = frames.size();
    if (n <= most) {
      return frames;
    }
    return IntStream.range(0, most)
        .mapToObj(i -> frames.get(most == 1 ? n / 2 : (int) ((long) i * (n - 1) / (most - 1))))
        .toList();
  }

  static Answer.Evidence of(ClosedWindow window, Answer.Outcome outcome, AnswerModel model) {
    ClosedWindow.Content content = window.content();
    List<Long> seen =
        outcome instanceof Answer.Outcome.Skipped
            ? List.of()
            : shown(window, model.framesPerWindow()).stream().map(VisualTokens::ptsMicros).toList();
    return new Answer.Evidence(
        counts(window, seen.size()),
        seen,
        content.coverage(),
        content.gaps(),
        input(content.positions()),
        new Answer.Model(model.name(), model.notice()));
  }

  /** Frames the model saw are sampled; the rest gated, or dropped where the window was skipped. */
  private static FrameCounts counts(ClosedWindow window, long sampled) {
    FrameCounts all = window.content().counts();
    Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
    dropped.putAll(all.dropped());
    if (window.ending() == Ending.LAGGING && all.sampled() > 0) {
      dropped.merge(DropReason.LAGGING, all.sampled(), Long::sum);
    }
    long lost = dropped.values().stream().mapToLong(Long::longValue).sum();
    return new FrameCounts(all.seen(), sampled, all.seen() - sampled - lost, dropped);
  }

  private static Answer.@Nullable Input input(List<RecordPosition> positions) {
    if (positions.isEmpty()) {
      return null;
    }
    RecordPosition first = positions.getFirst();
    return new Answer.Input(
        first.topic(), first.partition(), first.offset(), positions.getLast().offset());
  }
}
