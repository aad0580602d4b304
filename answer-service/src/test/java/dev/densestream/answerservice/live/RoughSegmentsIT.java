package dev.densestream.answerservice.live;

import static dev.densestream.answerservice.live.LiveRig.SECOND;
import static dev.densestream.answerservice.live.LiveRig.question;
import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.live.LiveRig.Seen;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.MediaProbe;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.PtsRange;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Segments that say of themselves what is not so cost themselves, and no stream. */
@Timeout(120)
class RoughSegmentsIT {
  @AutoClose private static LiveParts live;

  @BeforeAll
  static void open() throws IOException {
    live = new LiveParts();
  }

  @Test
  void refusesASegment_thatClaimsThirtyYears_andAnswersTheNext() {
    assertThat(letters(new PtsRange(0, 1L << 50))).containsExactly("segment_too_long");
  }

  @Test
  void takesTheSameSegment_whereItsRangeIsTrue() {
    assertThat(letters(new PtsRange(0, SECOND))).isEmpty();
  }

  /** Of a segment there before one that is well; every window has one record at most. */
  private static List<String> letters(PtsRange claimed) {
    boolean isTrue = claimed.durationMicros() == SECOND;
    try (LiveRig rig = LiveRig.start(live.parts)) {
      rig.ask(question("q", 1, 1));
      rig.recordAt("camera", 0, claimed);
      rig.record("camera", 1, 2);

      assertThat(rig.answers(isTrue ? 2 : 1))
          .last()
          .extracting(Seen::coordinates, Seen::outcome)
          .containsExactly("camera q@1 1", "answered");
      rig.awaitNoLag();
      int windows = isTrue ? 2 : 1;
      assertThat(rig.counted(windows, "densestream.answers", "outcome", "answered"))
          .isEqualTo(windows);
      assertThat(rig.counted("densestream.answers", "outcome", "failed")).isZero();
      return isTrue && rig.counted("densestream.segments", "verdict", "refused") == 0
          ? List.of()
          : rig.letters(1);
    }
  }

  /** 59 windows would be there for a minute of which a second was. */
  @Test
  void makesWindowsOfWhatWasDecoded_notOfWhatWasClaimed() {
    try (LiveRig rig = LiveRig.start(live.parts)) {
      rig.ask(question("q", 1, 1));
      rig.recordAt("camera", 0, new PtsRange(0, 60 * SECOND));
      rig.record("camera", 60, 61);

      List<Seen> answers = rig.answers(2);
      rig.awaitNoLag();
      assertThat(answers).extracting(Seen::second).containsExactly(0L, 60L);
      assertThat(answers)
          .extracting(seen -> seen.body().path("coverage").asDouble())
          .containsExactly(1.0, 1.0);
      assertThat(rig.counted("densestream.segments", "verdict", "decoded")).isEqualTo(2);
    }
  }

  @Test
  void givesUpAFloatingSegment_whoseContainerHasImpossibleTimes() {
    FrameSampler backwards = sampling(events -> events.map(RoughSegmentsIT::endingBefore));
    expectOneLetter(backwards, "segment_bad_times");
  }

  @Test
  void givesUpAFloatingSegment_whoseContainerClaimsDays() {
    FrameSampler endless = sampling(events -> events.map(event -> ending(event, 1L << 40)));
    expectOneLetter(endless, "segment_too_long");
  }

  @Test
  void givesUpASegment_thatBreaksTheService() {
    FrameSampler broken =
        sampling(
            _ -> {
              throw new IllegalStateException("nobody thought of this");
            });
    expectOneLetter(broken, "segment_broken");
  }

  /** The first segment goes through the change, the second does not. */
  private static void expectOneLetter(FrameSampler sampler, String code) {
    try (LiveRig rig = LiveRig.start(live.parts.with(sampler))) {
      rig.ask(question("q", 1, 1));
      rig.recordFloating("camera", 0);
      rig.recordFloating("camera", 5);
      rig.recordFloating("camera", 6);

      assertThat(rig.letters(1)).containsExactly(code);
      assertThat(rig.answers(2)).last().extracting(Seen::outcome).isEqualTo("answered");
      rig.awaitNoLag();
      assertThat(rig.counted(1, "densestream.dead.letters", "code", code)).isOne();
      assertThat(rig.counted(2, "densestream.answers", "outcome", "answered")).isEqualTo(2);
    }
  }

  private static SampleEvent endingBefore(SampleEvent event) {
    return ending(event, Long.MIN_VALUE);
  }

  private static SampleEvent ending(SampleEvent event, long micros) {
    return event instanceof SampleEvent.Finished(FrameCounts counts, _, boolean damaged)
        ? new SampleEvent.Finished(counts, micros, damaged)
        : event;
  }

  /** The real decoder, whose first media goes through {@code change}. */
  private static FrameSampler sampling(UnaryOperator<Flux<SampleEvent>> change) {
    return new FirstChanged(live.sampler, change);
  }

  private static final class FirstChanged implements FrameSampler {
    private final FrameSampler real;
    private final UnaryOperator<Flux<SampleEvent>> change;
    private boolean changed;

    FirstChanged(FrameSampler real, UnaryOperator<Flux<SampleEvent>> change) {
      this.real = real;
      this.change = change;
    }

    @Override
    public synchronized Flux<SampleEvent> sample(Media media, SamplingPolicy policy) {
      Flux<SampleEvent> events = real.sample(media, policy);
      boolean first = !changed;
      changed = true;
      return first ? change.apply(events) : events;
    }

    @Override
    public Flux<SampleEvent> sampleClip(Media media, SamplingPolicy policy) {
      return sample(media, policy);
    }

    @Override
    public Mono<MediaProbe> probe(Media media) {
      return real.probe(media);
    }

    @Override
    public Flux<Piece> cut(Media media, long targetMicros) {
      return real.cut(media, targetMicros);
    }

    @Override
    public void close() {}
  }
}
