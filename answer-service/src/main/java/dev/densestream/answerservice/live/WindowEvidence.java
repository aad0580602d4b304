package dev.densestream.answerservice.live;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.Answer;
import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.Question;
import dev.densestream.answerservice.VisualBudget;
import dev.densestream.answerservice.window.ClosedWindow;
import dev.densestream.answerservice.window.ClosedWindow.Ending;
import dev.densestream.framesampler.DropReason;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.MediaRefusedException;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.visionpipeline.VisualTokens;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which of a window's frames its question sees, and what its record says about where it came from.
 */
final class WindowEvidence {
  private final AnswerModel model;

  WindowEvidence(AnswerModel model) {
    this.model = requireNonNull(model, "model is null");
  }

  /** How many frames: what the model is meant to see, or what the question's bound allows. */
  int seen(ClosedWindow window) {
    int all = Math.min(window.content().frames().size(), model.framesPerWindow());
    return Math.min(all, window.bounds().visualTokens() / model.encoder().tokensPerFrame());
  }

  /** Those frames, evenly spread, first and last included. */
  List<VisualTokens> shown(ClosedWindow window) {
    List<VisualTokens> frames = window.content().frames();
    int most = seen(window);
    int n = frames.size();
    if (n <= most) {
      return frames;
    }
    return IntStream.range(0, most)
        .mapToObj(i -> frames.get(most == 1 ? n / 2 : (int) ((long) i * (n - 1) / (most - 1))))
        .toList();
  }

  /** The outcome where not even one frame may be seen. */
  Answer.Outcome tooFew(ClosedWindow window) {
    try {
      VisualBudget.of(Question.VISUAL_TOKENS, window.bounds().visualTokens(), model)
          .framesInARow(1);
    } catch (MediaRefusedException refused) {
      return new Answer.Outcome.Failed(refused.code(), String.valueOf(refused.getMessage()));
    }
    throw new IllegalStateException("a frame may be seen: " + window.bounds());
  }

  Answer.Evidence of(ClosedWindow window, Answer.Outcome outcome) {
    ClosedWindow.Content content = window.content();
    List<Long> seen =
        outcome instanceof Answer.Outcome.Skipped
            ? List.of()
            : shown(window).stream().map(VisualTokens::ptsMicros).toList();
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
