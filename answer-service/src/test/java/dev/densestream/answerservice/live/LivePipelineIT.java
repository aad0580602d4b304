package dev.densestream.answerservice.live;

import static dev.densestream.answerservice.live.LiveRig.PATIENCE;
import static dev.densestream.answerservice.live.LiveRig.START;
import static dev.densestream.answerservice.live.LiveRig.question;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.VisualContext;
import dev.densestream.answerservice.live.LiveRig.Seen;
import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.ingest.StreamDefinition.Overload;
import dev.densestream.ingest.TopicRecord;
import dev.densestream.visionpipeline.EncoderOverloadedException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The live pipeline over a real broker, real decoder processes and the model that comes along. */
@Timeout(300)
class LivePipelineIT {
  /** Of the demo's recording, 240 x 180. */
  private static final long FRAME_BYTES = 3 * 240 * 180;

  @AutoClose private static LiveParts live;
  private static AnswerModel model;
  private static LiveRig.Parts parts;

  @BeforeAll
  static void open() throws IOException {
    live = new LiveParts();
    model = live.model;
    parts = live.parts;
  }

  /**
   * Both streams wait for the same slow model; the lossless one is the control: whatever made the
   * other skip is there for it too.
   */
  @Test
  void skipsWholeWindowsOfALatestStream_andNoneOfALosslessOne_whenTheModelIsSlower() {
    Sinks.Empty<Void> gate = Sinks.empty();
    AtomicBoolean asked = new AtomicBoolean();
    AnswerModel slow =
        ModelDoubles.answering(
            model,
            answer -> {
              asked.set(true);
              return gate.asMono().thenMany(answer);
            });
    try (LiveRig rig = LiveRig.start(parts.with(slow))) {
      rig.define("latest", Overload.LATEST);
      rig.define("lossless", Overload.LOSSLESS);
      rig.ask(question("q", 1, 2));
      for (int second = 0; second < 40; second++) {
        rig.record("latest", second, second + 1);
        rig.record("lossless", second, second + 1);
      }
      LiveRig.awaitUntil(asked::get);
      rig.now.set(START.plusSeconds(40)); // the model has kept everybody waiting until now
      gate.tryEmitEmpty().orThrow();

      List<Seen> answers = rig.answers(40);
      rig.awaitNoLag();
      List<Seen> latest = of("latest", answers);
      List<Seen> lossless = of("lossless", answers);
      assertThat(latest).extracting(Seen::second).containsExactlyElementsOf(evenSeconds(40));
      assertThat(lossless).extracting(Seen::second).containsExactlyElementsOf(evenSeconds(40));
      assertThat(lossless).extracting(Seen::outcome).containsOnly("answered");
      assertThat(latest)
          .extracting(Seen::outcome)
          .containsOnly("answered", "skipped lagging")
          .startsWith("answered")
          .endsWith("answered", "answered", "answered", "answered");
      assertThat(latest)
          .filteredOn(seen -> seen.outcome().equals("skipped lagging"))
          .hasSizeGreaterThan(5)
          .allSatisfy(seen -> assertThat(seen.body().at("/frames/sampled").asLong()).isZero())
          // The first may hold a segment that was decoded in time.
          .extracting(seen -> seenFrames(seen) - lagging(seen), seen -> lagging(seen) > 0)
          .endsWith(tuple(0L, true), tuple(0L, true), tuple(0L, true), tuple(0L, true));
      assertThat(rig.counted("densestream.segments", "verdict", "lagging")).isGreaterThan(10);
    }
  }

  private static long lagging(Seen seen) {
    return seen.body().at("/frames/dropped/lagging").asLong();
  }

  private static long seenFrames(Seen seen) {
    return seen.body().at("/frames/seen").asLong();
  }

  @Test
  void failsWithModelTimeout_andFreesTheSlot_whenAGenerationDoesNotEnd() {
    VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    AtomicInteger answers = new AtomicInteger();
    AtomicBoolean stuck = new AtomicBoolean();
    // The engine's own rule: an asker who takes no more keeps the slot until they leave.
    AnswerModel endless =
        ModelDoubles.answering(
            model,
            answer ->
                answers.getAndIncrement() == 1
                    ? answer
                        .doOnNext(_ -> stuck.set(true))
                        // 0: no demand for a second event while the first one goes on for ever
                        .concatMap(event -> Flux.just(event).concatWith(Mono.never()), 0)
                    : answer);
    try (LiveRig rig = LiveRig.start(parts.with(endless).withTimer(timer));
        VisualContext context = model.engine().context(List.of())) {
      rig.ask(question("q", 1, 2));
      rig.record("camera", 0, 8);
      LiveRig.awaitUntil(stuck::get);
      Mono<AnswerEvent> other =
          model
              .engine()
              .answer(context, List.of(Turn.user("And?")), GenerationSettings.greedy(2))
              .last()
              .cache();
      var waiting = other.subscribe();
      LiveRig.awaitUntil(() -> gauge("densestream.language.waiting") == 1);
      assertThat(gauge("densestream.language.running")).as("the slot is taken").isOne();
      assertThat(waiting.isDisposed()).as("the control: nobody else is answered").isFalse();

      timer.advanceTimeBy(Duration.ofMinutes(1));

      assertThat(other.block(PATIENCE)).isInstanceOf(AnswerEvent.Finished.class);
      assertThat(rig.answers(4))
          .extracting(Seen::outcome)
          .containsExactly("answered", "failed model_timeout", "answered", "answered");
      rig.awaitNoLag();
    } finally {
      timer.dispose();
    }
  }

  private static double gauge(String name) {
    return live.meters.get(name).gauge().value();
  }

  @Test
  void givesEachWindowOneRecord_whenItsQuestionChangesWhileItIsOpen() {
    try (LiveRig rig = LiveRig.start(parts)) {
      rig.ask(question("q", 1, 4));
      rig.record("camera", 0, 6);
      rig.awaitTaken(6);
      rig.ask(question("q", 2, 4));
      assertThat(rig.answers(2))
          .extracting(Seen::coordinates, Seen::outcome)
          .containsExactly(
              tuple("camera q@1 0", "answered"), tuple("camera q@1 4", "skipped superseded"));
      rig.record("camera", 6, 14);
      rig.awaitTaken(14);
      rig.withdraw("q");
      assertThat(rig.answers(5))
          .last()
          .extracting(Seen::coordinates, Seen::outcome)
          .containsExactly("camera q@2 12", "skipped withdrawn");
      rig.ask(question("q", 2, 4)); // back again, and its window is still going on
      rig.record("camera", 14, 21);

      List<Seen> all = rig.answers(6);
      assertThat(all).extracting(Seen::coordinates).doesNotHaveDuplicates();
      assertThat(all.subList(2, 6))
          .extracting(seen -> seen.coordinates() + " " + seen.outcome())
          .containsExactly(
              "camera q@2 4 answered",
              "camera q@2 8 answered",
              "camera q@2 12 skipped withdrawn",
              "camera q@2 16 answered");
    }
  }

  @Test
  void givesOpenWindowsTheirRecord_whenTheStreamIsRemoved_andGoesOnBehindThem() {
    try (LiveRig rig = LiveRig.start(parts.withIdleTicks(3))) {
      rig.define("camera", Overload.LATEST);
      rig.ask(question("q", 1, 4));
      rig.record("camera", 0, 6);
      rig.undefine("camera");
      assertThat(rig.answers(2)).extracting(Seen::second).containsExactly(0L, 4L);
      rig.awaitNoLag();
      rig.define("camera", Overload.LOSSLESS);
      rig.record("camera", 6, 12);

      List<Seen> all = rig.answers(3);
      assertThat(all).extracting(Seen::second).containsExactly(0L, 4L, 8L);
      assertThat(all).extracting(Seen::outcome).containsOnly("answered");
      assertThat(all.get(1).body().path("coverage").asDouble()).isEqualTo(0.5);
      rig.awaitNoLag();
      assertThat(dropped(rig, "late")).as("frames of the window that was over").isPositive();
    }
  }

  private static double dropped(LiveRig rig, String reason) {
    return rig.counted(1, "densestream.stream.frames", "verdict", "dropped", "reason", reason);
  }

  @Test
  void saysWhatWasWrong_withASegmentOrARecord_andGoesOn() {
    try (LiveRig rig = LiveRig.start(parts)) {
      rig.ask(question("q", 1, 1));
      rig.record("camera", 0, "this is no video".repeat(50).getBytes(UTF_8));
      rig.publish(new TopicRecord(rig.cluster.topics().segments(), "", new byte[] {1}, Map.of()));
      rig.record("camera", 1, 2);

      assertThat(rig.answers(2))
          .extracting(Seen::outcome)
          .containsExactly("failed undecodable", "answered");
      assertThat(rig.letters(2)).containsExactlyInAnyOrder("not_a_video", "missing_key");
      rig.awaitNoLag();
    }
  }

  @Test
  void saysThatNoDecoderCouldBeHad() {
    FrameSampler closed = FrameSampler.open(DecoderSettings.defaults(), new SimpleMeterRegistry());
    closed.close();
    try (LiveRig rig = LiveRig.start(parts.with(closed))) {
      rig.ask(question("q", 1, 1));
      rig.record("camera", 0, 1);
      assertThat(rig.answers(1)).extracting(Seen::outcome).containsExactly("failed undecodable");
      assertThat(rig.letters(1)).containsExactly("decoder_unavailable");
    }
  }

  @Test
  void tellsAnEncoderThatFails_fromADecoderThatDoes() {
    AtomicBoolean broken = new AtomicBoolean(true);
    AnswerModel breaking =
        ModelDoubles.encoding(
            model,
            tokens -> broken.get() ? Mono.error(new IllegalStateException("broken")) : tokens);
    try (LiveRig rig = LiveRig.start(parts.with(breaking))) {
      rig.ask(question("q", 1, 1));
      rig.record("camera", 0, 1);
      assertThat(rig.answers(1)).extracting(Seen::outcome).containsExactly("failed encoder_failed");
      assertThat(rig.letters(1)).containsExactly("encoder_failed");
      assertThat(dropped(rig, "encoder")).isOne();

      broken.set(false);
      rig.record("camera", 1, 2);
      assertThat(rig.answers(2)).last().extracting(Seen::outcome).isEqualTo("answered");
    }
  }

  @Test
  void waitsForAnEncoderThatIsOverloaded_butNotForEver() {
    AtomicInteger refusals = new AtomicInteger(2);
    AnswerModel overloaded =
        ModelDoubles.encoding(
            model,
            tokens ->
                refusals.getAndDecrement() > 0
                    ? Mono.error(new EncoderOverloadedException(1))
                    : tokens);
    try (LiveRig rig = LiveRig.start(parts.with(overloaded))) {
      rig.ask(question("q", 1, 1));
      rig.record("camera", 0, 1);
      assertThat(rig.answers(1)).extracting(Seen::outcome).containsExactly("answered");

      refusals.set(LiveParts.NEVER);
      rig.record("camera", 1, 2);
      assertThat(rig.answers(2))
          .last()
          .extracting(Seen::outcome)
          .isEqualTo("failed encoder_failed");
      assertThat(rig.letters(1)).containsExactly("encoder_overloaded");
    }
  }

  @Test
  void carriesTheModelsOwnCode_andNamesItsOwnWhenTheModelThrows() {
    AtomicInteger answers = new AtomicInteger();
    AnswerModel failing =
        ModelDoubles.answering(
            model,
            answer ->
                switch (answers.getAndIncrement()) {
                  case 0 -> Flux.error(new IllegalStateException("broken"));
                  case 1 -> Flux.just(new AnswerEvent.Failed("context_too_long", "Too long."));
                  case 2 -> Flux.just(new AnswerEvent.Rejected("busy")); // asked again by itself
                  default -> answer;
                });
    try (LiveRig rig = LiveRig.start(parts.with(failing))) {
      rig.ask(question("q", 1, 1));
      rig.record("camera", 0, 3);
      assertThat(rig.answers(3))
          .extracting(Seen::outcome)
          .containsExactly("failed model_error", "failed context_too_long", "answered");
      assertThat(answers).hasValue(4);
    }
  }

  /** A budget of one byte: each frame is larger than what is ever left. */
  @Test
  void holdsNoMoreFrameBytesThanAllowed_forSeveralStreams_withoutStandingStill() {
    AtomicLong most = new AtomicLong();
    AtomicReference<FrameBudget> budget = new AtomicReference<>();
    AnswerModel watched =
        ModelDoubles.encoding(
            model,
            tokens -> {
              most.accumulateAndGet(budget.get().heldBytes(), Math::max);
              return tokens;
            });
    try (LiveRig rig = LiveRig.start(parts.with(watched).withFrameBytes(1))) {
      budget.set(rig.budget);
      rig.ask(question("q", 1, 1));
      for (int second = 0; second < 4; second++) {
        for (String stream : List.of("a", "b", "c")) {
          rig.record(stream, second, second + 1);
        }
      }
      assertThat(rig.answers(12)).extracting(Seen::outcome).containsOnly("answered");
      rig.awaitNoLag();
      assertThat(most.get()).as("one frame at a time").isEqualTo(FRAME_BYTES);
      assertThat(rig.budget.heldBytes()).isZero();
    }
  }

  private static List<Seen> of(String stream, List<Seen> answers) {
    return answers.stream().filter(seen -> seen.stream().equals(stream)).toList();
  }

  private static List<Long> evenSeconds(int until) {
    return LongStream.range(0, until / 2).map(k -> 2 * k).boxed().toList();
  }
}
