package dev.densestream.answerservice.live;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.Answer;
import dev.densestream.answerservice.AnswerEngine;
import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerFormat;
import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.VisualBudget;
import dev.densestream.answerservice.VisualContext;
import dev.densestream.answerservice.window.ClosedWindow;
import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.PtsRange;
import dev.densestream.ingest.StreamId;
import dev.densestream.visionpipeline.FrameView;
import dev.densestream.visionpipeline.VisionEncoder;
import dev.densestream.visionpipeline.VisualTokens;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class WindowAnswersTest {
  private static final int PER_FRAME = 4;
  private static final PtsRange RANGE = new PtsRange(0, 8_000_000);

  private final List<Integer> contexts = new ArrayList<>();

  @Test
  void questionsThatSeeTheSameFramesShareAContext_andOthersHaveTheirOwn() {
    List<Answer> answers =
        answers(
            asking("all", VisualBudget.UNBOUNDED),
            asking("two", 2 * PER_FRAME),
            asking("all-too", 100),
            asking("two-and-a-bit", 3 * PER_FRAME - 1));

    assertThat(contexts).containsExactly(5, 2);
    assertThat(answers).extracting(a -> a.question().id()).containsExactly(ids());
    assertThat(answers).extracting(WindowAnswersTest::seen).containsExactly(5, 2, 5, 2);
    assertThat(answers.get(1).evidence().ptsMicros()).containsExactly(0L, 7_000_000L);
    assertThat(answers)
        .allMatch(a -> a.evidence().counts().sampled() == a.evidence().ptsMicros().size());
  }

  private static String[] ids() {
    return new String[] {"all", "two", "all-too", "two-and-a-bit"};
  }

  private static int seen(Answer answer) {
    return ((Answer.Outcome.Answered) answer.outcome()).usage().visualTokens() / PER_FRAME;
  }

  @Test
  void failsAQuestionThatMayNotEvenSeeAFrame_andAnswersTheOthers() {
    List<Answer> answers =
        answers(asking("blind", PER_FRAME - 1), asking("all", VisualBudget.UNBOUNDED));

    assertThat(contexts).containsExactly(5);
    assertThat(answers.getFirst().outcome())
        .isEqualTo(
            new Answer.Outcome.Failed(
                "visual_tokens_too_few",
                "maxVisualTokens allows 3; the model needs at least 4 for a frame of a video."));
    assertThat(answers.getFirst().evidence().ptsMicros()).isEmpty();
    assertThat(answers.getLast().outcome()).isInstanceOf(Answer.Outcome.Answered.class);
  }

  private List<Answer> answers(ClosedWindow... windows) {
    AnswerModel model = new AnswerModel("counting", "", new Encoder(), new Engine(), 5);
    WindowAnswers answers =
        new WindowAnswers(
            model,
            new LiveMetrics(new SimpleMeterRegistry()),
            new WindowAnswers.Deadline(Duration.ofSeconds(20), Schedulers.parallel()),
            Clock.systemUTC());
    return requireNonNull(
        answers.answer(new StreamId("cam"), List.of(windows)).block(Duration.ofSeconds(20)));
  }

  /** Eight frames, one a second. */
  private static ClosedWindow asking(String id, int maxVisualTokens) {
    List<VisualTokens> frames =
        LongStream.range(0, 8)
            .mapToObj(s -> new VisualTokens(s * 1_000_000, PER_FRAME, 1, new float[PER_FRAME]))
            .toList();
    return new ClosedWindow(
        new Answer.Asked(id, 1, "What?"),
        new ClosedWindow.Bounds(8, maxVisualTokens),
        AnswerFormat.text(),
        RANGE,
        ClosedWindow.Ending.COMPLETE,
        new ClosedWindow.Content(
            frames, new FrameCounts(8, 8, 0, Map.of()), 1, 0, null, List.of()));
  }

  private record Context(int visualTokens) implements VisualContext {
    @Override
    public void close() {}
  }

  private final class Engine implements AnswerEngine {
    @Override
    public VisualContext context(List<VisualTokens> frames) {
      contexts.add(frames.size());
      return new Context(frames.stream().mapToInt(VisualTokens::tokens).sum());
    }

    @Override
    public Flux<AnswerEvent> answer(
        VisualContext context, List<Turn> turns, GenerationSettings settings) {
      var usage = new AnswerEvent.Usage(9, context.visualTokens(), 0, 1, 1, 2);
      return Flux.just(
          new AnswerEvent.Finished("Yes.", AnswerEvent.FinishReason.STOP, usage, Optional.empty()));
    }

    @Override
    public Duration computing() {
      return Duration.ZERO;
    }

    @Override
    public void close() {}
  }

  private static final class Encoder implements VisionEncoder {
    @Override
    public Mono<VisualTokens> encode(Frame frame, FrameView view) {
      return Mono.error(new UnsupportedOperationException("frames are encoded before"));
    }

    @Override
    public int tokensPerFrame() {
      return PER_FRAME;
    }

    @Override
    public int leastStillTokens() {
      return PER_FRAME;
    }

    @Override
    public int channels() {
      return 1;
    }

    @Override
    public Duration computing() {
      return Duration.ZERO;
    }

    @Override
    public void close() {}
  }
}
