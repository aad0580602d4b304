package dev.densestream.answerservice.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.Answer;
import dev.densestream.answerservice.AnswerEngine;
import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerFormat;
import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.Verdict;
import dev.densestream.answerservice.VisualBudget;
import dev.densestream.answerservice.VisualContext;
import dev.densestream.answerservice.window.ClosedWindow;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.PtsRange;
import dev.densestream.ingest.StreamId;
import dev.densestream.visionpipeline.VisualTokens;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** When an answer is given up, by a clock that the test moves. */
final class WindowAnswerTimesTest {
  private static final Duration DEADLINE = Duration.ofMinutes(1);
  private static final AnswerEvent.Usage USAGE = new AnswerEvent.Usage(1, 1, 0, 1, 1, 1);

  private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
  private final Slots slots = new Slots();
  private final WindowAnswers answers =
      new WindowAnswers(
          new AnswerModel("slots", "", new SilentModel(), slots, 4),
          new LiveMetrics(new SimpleMeterRegistry()),
          new WindowAnswers.Deadline(DEADLINE, timer),
          Clock.systemUTC());

  @AfterEach
  void stop() {
    timer.dispose();
  }

  /** An engine of one slot: the test says who has it, and what is said. */
  private static final class Slots implements AnswerEngine {
    final List<Sinks.Many<AnswerEvent>> asked = new ArrayList<>();
    final List<GenerationSettings> settings = new ArrayList<>();

    @Override
    public VisualContext context(List<VisualTokens> frames) {
      return new VisualContext() {
        @Override
        public int visualTokens() {
          return frames.size();
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public Flux<AnswerEvent> answer(
        VisualContext context, List<Turn> turns, GenerationSettings wanted) {
      Sinks.Many<AnswerEvent> sink = Sinks.many().unicast().onBackpressureBuffer();
      asked.add(sink);
      settings.add(wanted);
      return sink.asFlux();
    }

    void say(int question, AnswerEvent event) {
      asked.get(question).tryEmitNext(event).orThrow();
      if (event instanceof AnswerEvent.Finished) {
        asked.get(question).tryEmitComplete().orThrow();
      }
    }

    @Override
    public Duration computing() {
      return Duration.ZERO;
    }

    @Override
    public void close() {}
  }

  private static ClosedWindow window(String question, AnswerFormat format) {
    return new ClosedWindow(
        new Answer.Asked(question, 1, "What?"),
        new ClosedWindow.Bounds(8, VisualBudget.UNBOUNDED),
        format,
        new PtsRange(0, 1_000_000),
        ClosedWindow.Ending.COMPLETE,
        new ClosedWindow.Content(
            List.of(new VisualTokens(0, 1, 1, new float[1])),
            new FrameCounts(1, 1, 0, Map.of()),
            1,
            0,
            null,
            List.of()));
  }

  private CompletableFuture<@Nullable List<Answer>> ask(String... questions) {
    List<ClosedWindow> windows =
        List.of(questions).stream().map(id -> window(id, AnswerFormat.text())).toList();
    return answers.answer(new StreamId("a"), windows).toFuture();
  }

  private static AnswerEvent finished(Optional<Verdict> verdict) {
    return new AnswerEvent.Finished("Yes", AnswerEvent.FinishReason.STOP, USAGE, verdict);
  }

  @Test
  void waitsForASlot_howeverLong() {
    CompletableFuture<@Nullable List<Answer>> done = ask("first", "second");
    slots.say(0, new AnswerEvent.Begun());
    slots.say(0, finished(Optional.empty()));
    timer.advanceTimeBy(DEADLINE.multipliedBy(10));
    assertThat(done).isNotDone();
    slots.say(1, new AnswerEvent.Begun());
    timer.advanceTimeBy(DEADLINE.minusSeconds(1));
    slots.say(1, finished(Optional.empty()));

    assertThat(requireNonNull(done.join()))
        .extracting(a -> a.outcome().text())
        .containsOnly("answered");
  }

  @Test
  void givesUp_whenAnAnswerTakesTooLongOnceItHasBegun() {
    CompletableFuture<@Nullable List<Answer>> done = ask("first");
    slots.say(0, new AnswerEvent.Begun());
    timer.advanceTimeBy(DEADLINE.minusSeconds(1));
    slots.say(0, new AnswerEvent.Token("still"));
    assertThat(done).isNotDone();
    timer.advanceTimeBy(Duration.ofSeconds(1));

    assertThat(requireNonNull(done.join()).getFirst().outcome())
        .isInstanceOfSatisfying(
            Answer.Outcome.Failed.class,
            failed -> assertThat(failed.code()).isEqualTo("model_timeout"));
  }

  @Test
  void carriesTheVerdict_ofAQuestionWithChoices() {
    Verdict verdict =
        new Verdict(List.of(new Verdict.Share("Yes", 0.9), new Verdict.Share("No", 0.1)));
    CompletableFuture<@Nullable List<Answer>> done =
        answers
            .answer(new StreamId("a"), List.of(window("q", new AnswerFormat.YesNo())))
            .toFuture();
    assertThat(slots.settings.getFirst().format()).isEqualTo(new AnswerFormat.YesNo());
    slots.say(0, new AnswerEvent.Begun());
    slots.say(0, finished(Optional.of(verdict)));

    assertThat(new String(requireNonNull(done.join()).getFirst().toJson(), UTF_8))
        .contains("\"choice\":\"Yes\",\"probabilities\":{\"Yes\":0.9,\"No\":0.1}");
  }
}
