package dev.densestream.ingest.source;

import static dev.densestream.ingest.source.CapturedSegments.assertGapless;
import static dev.densestream.ingest.source.CapturedSegments.content;
import static dev.densestream.ingest.source.CapturedSegments.micros;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.densestream.ingest.Capture;
import dev.densestream.ingest.CaptureSettings;
import dev.densestream.ingest.FetchSettings;
import dev.densestream.ingest.MediaFetcher;
import dev.densestream.ingest.MediaRefusedException;
import dev.densestream.ingest.PtsRange;
import dev.densestream.ingest.Segment;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.ingest.StreamDefinition.Pace;
import dev.densestream.ingest.StreamId;
import dev.densestream.ingest.StreamState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The whole of capture but the cutter, which here cuts the file's bytes evenly. */
@Timeout(60)
final class CaptureTest {
  private static final StreamId GATE = new StreamId("gate");
  private static final Duration WAIT = Duration.ofSeconds(15);
  private static final Duration SHORT = Duration.ofMillis(1);
  private static final CaptureSettings SETTINGS =
      new CaptureSettings(2, Duration.ofSeconds(1), Duration.ofSeconds(60));

  @TempDir Path folder;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final EvenCutter cutter = new EvenCutter();
  private VirtualTimeScheduler time;
  private SourceCapture capture;
  private Path file;

  @BeforeEach
  void startAtSomeTime() throws IOException {
    time = VirtualTimeScheduler.getOrSet();
    time.advanceTimeTo(Instant.parse("2026-11-01T12:00:00Z"));
    file = Files.writeString(folder.resolve("gate.mp4"), "aaabbbccc");
    MediaFetcher fetcher =
        MediaFetcher.open(
            new FetchSettings(
                List.of(folder), Set.of(), Set.of(), folder, FetchSettings.Limits.defaults()),
            meters);
    capture =
        new SourceCapture(
            SETTINGS, cutter, fetcher, new CaptureMeters(meters), CaptureTime.of(time));
  }

  @AfterEach
  void giveTimeBack() {
    VirtualTimeScheduler.reset();
  }

  @Test
  void capturesOnce_onTheStreamsClock() {
    List<Segment> segments = new ArrayList<>();
    virtually(capture.segments(once(Pace.AS_DEMANDED)), Long.MAX_VALUE)
        .then(() -> time.advanceTimeBy(SHORT))
        .recordWith(() -> segments)
        .expectNextCount(3)
        .expectComplete()
        .verify(WAIT);
    long start = micros("2026-11-01T12:00:00Z");
    assertThat(segments).extracting(Segment::sequence).containsExactly(0L, 1L, 2L);
    assertThat(segments)
        .extracting(Segment::range)
        .containsExactly(
            new PtsRange(start, start + 2_000_000),
            new PtsRange(start + 2_000_000, start + 4_000_000),
            new PtsRange(start + 4_000_000, start + 6_000_000));
    assertThat(segments).extracting(Segment::stream).containsOnly(GATE);
    assertThat(content(segments)).isEqualTo("aaabbbccc");
    assertThat(capture.states()).containsEntry(GATE, new StreamState.Ended());
    assertThat(meters.counter("densestream.capture.segments").count()).isEqualTo(3);
    assertThat(meters.counter("densestream.capture.bytes").count()).isEqualTo(9);
    assertThat(meters.get("densestream.capture.sessions").gauge().value()).isZero();
  }

  /** Six seconds are captured in no time, twice; the control is the third session. */
  @Test
  void beginsBehindTheSessionBefore_whichWasFasterThanItLasted() {
    Flux<Segment> session = capture.segments(once(Pace.AS_DEMANDED));
    Mono<Segment> removed = Mono.fromRunnable(() -> capture.forget(GATE));
    Flux<Segment> later = session.delaySubscription(Duration.ofMinutes(1), time);
    List<Segment> segments = new ArrayList<>();
    virtually(Flux.concat(session, removed, session, later), Long.MAX_VALUE)
        .thenAwait(SHORT)
        .recordWith(() -> segments)
        .expectNextCount(6)
        .thenAwait(Duration.ofMinutes(1))
        .expectNextCount(3)
        .expectComplete()
        .verify(WAIT);
    long start = micros("2026-11-01T12:00:00Z");
    assertThat(segments)
        .extracting(segment -> (segment.range().startMicros() - start) / 1_000_000)
        .containsExactly(0L, 2L, 4L, 6L, 8L, 10L, 60L, 62L, 64L);
    assertThat(segments.stream().map(Segment::run).distinct()).hasSize(3);
  }

  @Test
  void saysWhenACameraWouldHaveRecorded_whereTheStreamsClockIsAhead() {
    Flux<Segment> sessions =
        Flux.concat(
            capture.segments(once(Pace.AS_DEMANDED)), capture.segments(once(Pace.MEDIA_SPEED)));
    List<Segment> segments = new ArrayList<>();
    virtually(sessions, Long.MAX_VALUE)
        .thenAwait(SHORT)
        .recordWith(() -> segments)
        .expectNextCount(3)
        .expectNoEvent(Duration.ofMillis(1_990))
        .thenAwait(Duration.ofMillis(4_010))
        .expectNextCount(3)
        .expectComplete()
        .verify(WAIT);
    Segment fourth = segments.get(3);
    assertThat(fourth.range().startMicros()).isEqualTo(micros("2026-11-01T12:00:06Z"));
    assertThat(fourth.capturedAt())
        .isBetween(
            Instant.parse("2026-11-01T12:00:00Z"), Instant.parse("2026-11-01T12:00:00.001Z"));
  }

  /** Of three pieces of 2 s; the control is the test before this one, which begins at once. */
  @Test
  void beginsEachPassAtAMultiple_whenAligned() {
    time.advanceTimeBy(Duration.ofMillis(3_500));
    StreamDefinition aligned =
        new StreamDefinition(
            GATE,
            file.toString(),
            true,
            Pace.MEDIA_SPEED,
            2000,
            10_000,
            "fps:1",
            StreamDefinition.Overload.LOSSLESS);
    List<Segment> segments = new ArrayList<>();
    virtually(capture.segments(aligned).doOnNext(segments::add), Long.MAX_VALUE)
        .expectSubscription()
        .expectNoEvent(Duration.ofMillis(8_499))
        .thenAwait(SHORT)
        .expectNextCount(1)
        .thenAwait(Duration.ofSeconds(24))
        .expectNextCount(7)
        .thenCancel()
        .verify(WAIT);
    assertThat(segments)
        .extracting(segment -> segment.capturedAt().toString())
        .containsExactly(
            "2026-11-01T12:00:10Z",
            "2026-11-01T12:00:12Z",
            "2026-11-01T12:00:14Z",
            "2026-11-01T12:00:20Z",
            "2026-11-01T12:00:22Z",
            "2026-11-01T12:00:24Z",
            "2026-11-01T12:00:30Z",
            "2026-11-01T12:00:32Z");
  }

  @Test
  void cutsNoFurtherThanDemanded() {
    virtually(capture.segments(looped(Pace.AS_DEMANDED)), 0)
        .then(() -> time.advanceTimeBy(SHORT))
        .thenRequest(2)
        .expectNextCount(2)
        .then(() -> time.advanceTimeBy(Duration.ofHours(1)))
        .then(() -> assertThat(cutter.given).as("pieces cut for 2 asked").hasValueBetween(2, 3))
        .thenRequest(100)
        .expectNextCount(100)
        .thenCancel()
        .verify(WAIT);
    assertThat(cutter.given).hasValueBetween(102, 103);
  }

  @Test
  void givesASegment_whenACameraWouldHaveFinishedIt() {
    virtually(capture.segments(once(Pace.MEDIA_SPEED)), Long.MAX_VALUE)
        .expectSubscription()
        .expectNoEvent(Duration.ofMillis(1999))
        .thenAwait(SHORT)
        .assertNext(
            segment ->
                assertThat(segment.capturedAt()).isEqualTo(Instant.parse("2026-11-01T12:00:00Z")))
        .expectNoEvent(Duration.ofMillis(1999))
        .thenAwait(SHORT)
        .assertNext(
            segment ->
                assertThat(segment.capturedAt()).isEqualTo(Instant.parse("2026-11-01T12:00:02Z")))
        .thenAwait(Duration.ofSeconds(2))
        .expectNextCount(1)
        .expectComplete()
        .verify(WAIT);
  }

  @Test
  void catchesUp_afterSlowDemand() {
    virtually(capture.segments(looped(Pace.MEDIA_SPEED)), 0)
        .thenAwait(Duration.ofSeconds(10))
        .thenRequest(5)
        .expectNextCount(5)
        .thenRequest(1)
        .expectNoEvent(Duration.ofMillis(1900))
        .thenAwait(Duration.ofMillis(100))
        .expectNextCount(1)
        .thenCancel()
        .verify(WAIT);
  }

  @Test
  void goesOnWithItsClockAndSequence_whenLooped() {
    List<Segment> segments = new ArrayList<>();
    virtually(capture.segments(looped(Pace.AS_DEMANDED)).take(8), Long.MAX_VALUE)
        .then(() -> time.advanceTimeBy(SHORT))
        .recordWith(() -> segments)
        .expectNextCount(8)
        .expectComplete()
        .verify(WAIT);
    assertGapless(segments);
    assertThat(content(segments)).isEqualTo("aaabbbcccaaabbbcccaaabbb");
  }

  @Test
  void saysSo_whenPiecesAreNotKeyframeAligned() {
    cutter.aligned = false;
    virtually(capture.segments(looped(Pace.AS_DEMANDED)), 2)
        .then(() -> time.advanceTimeBy(SHORT))
        .expectNextCount(2)
        .then(
            () -> assertThat(capture.states()).containsEntry(GATE, new StreamState.Running(false)))
        .thenCancel()
        .verify(WAIT);
    assertThat(meters.counter("densestream.capture.unaligned").count()).isGreaterThanOrEqualTo(2);
    assertThat(capture.states()).as("a cancelled capture is no longer shown").isEmpty();
  }

  @Test
  void goesOnWhereItFailed_onceTheSourceIsBack() {
    cutter.failAfter(1, new MediaRefusedException("truncated", "It ends early."));
    List<Segment> segments = new ArrayList<>();
    virtually(capture.segments(once(Pace.AS_DEMANDED)), Long.MAX_VALUE)
        .then(() -> time.advanceTimeBy(SHORT))
        .recordWith(() -> segments)
        .expectNextCount(1)
        .then(
            () ->
                assertThat(capture.states())
                    .containsEntry(
                        GATE, new StreamState.Retrying("truncated", "It ends early.", 1)))
        .then(cutter::heal)
        .expectNoEvent(Duration.ofMillis(990))
        .thenAwait(Duration.ofSeconds(1))
        .expectNextCount(2)
        .expectComplete()
        .verify(WAIT);
    assertThat(content(segments)).as("nothing twice").isEqualTo("aaabbbccc");
    assertThat(segments).extracting(Segment::sequence).containsExactly(0L, 1L, 2L);
    assertThat(segments.get(1).range().startMicros())
        .isGreaterThanOrEqualTo(segments.get(0).range().endMicros());
    assertThat(meters.counter("densestream.capture.retries", "code", "truncated").count())
        .isEqualTo(1);
  }

  @Test
  void showsTheOutageAsAGapOnTheClock() {
    cutter.failAfter(1, new MediaRefusedException("truncated", "It ends early."));
    List<Segment> segments = new ArrayList<>();
    virtually(capture.segments(once(Pace.MEDIA_SPEED)), Long.MAX_VALUE)
        .then(() -> time.advanceTimeBy(Duration.ofSeconds(2)))
        .recordWith(() -> segments)
        .expectNextCount(1)
        .then(cutter::heal)
        .thenAwait(Duration.ofSeconds(60))
        .expectNextCount(2)
        .expectComplete()
        .verify(WAIT);
    assertThat(segments.get(1).range().startMicros() - segments.get(0).range().endMicros())
        .as("the backoff")
        .isEqualTo(1_000_000);
  }

  @Test
  void givesUp_afterSoManyFailuresInARow() {
    cutter.failAfter(0, new MediaRefusedException("not_a_video", "It is no video."));
    virtually(capture.segments(looped(Pace.AS_DEMANDED)), Long.MAX_VALUE)
        .thenAwait(Duration.ofSeconds(1 + 2).plus(SHORT))
        .expectErrorSatisfies(CaptureTest::isNotAVideo)
        .verify(WAIT);
    assertThat(cutter.cuts).as("the first and 2 retries").hasValue(3);
    assertThat(capture.states())
        .containsEntry(GATE, new StreamState.Refused("not_a_video", "It is no video."));
    assertThat(meters.counter("densestream.capture.refused", "code", "not_a_video").count())
        .isEqualTo(1);
    capture.forget(GATE);
    assertThat(capture.states()).isEmpty();
  }

  @Test
  void triesAMissingFileAgain() throws IOException {
    Files.delete(file);
    virtually(capture.segments(once(Pace.AS_DEMANDED)), Long.MAX_VALUE)
        .thenAwait(SHORT)
        .then(
            () ->
                assertThat(capture.states().get(GATE))
                    .isInstanceOfSatisfying(
                        StreamState.Retrying.class,
                        retrying -> assertThat(retrying.code()).isEqualTo("not_found")))
        .then(this::restore)
        .thenAwait(Duration.ofSeconds(1))
        .expectNextCount(3)
        .expectComplete()
        .verify(WAIT);
  }

  @Test
  void neverTriesAForbiddenLocationAgain() {
    virtually(capture.segments(definition("/etc/passwd", false, Pace.AS_DEMANDED)), Long.MAX_VALUE)
        .thenAwait(SHORT)
        .expectErrorSatisfies(
            error ->
                assertThat(((MediaRefusedException) error).code()).isEqualTo("forbidden_location"))
        .verify(WAIT);
  }

  @Test
  void doesNotSpin_onALoopedSourceWithoutPieces() {
    cutter.empty = true;
    virtually(capture.segments(looped(Pace.AS_DEMANDED)), Long.MAX_VALUE)
        .thenAwait(Duration.ofMinutes(5))
        .expectErrorSatisfies(
            error -> assertThat(((MediaRefusedException) error).code()).isEqualTo("no_frames"))
        .verify(WAIT);
  }

  @Test
  void turnsABreakdownIntoACode() {
    cutter.failAfter(0, new IllegalStateException("library text"));
    virtually(capture.segments(once(Pace.AS_DEMANDED)), Long.MAX_VALUE)
        .thenAwait(Duration.ofMinutes(5))
        .expectErrorSatisfies(
            error -> {
              assertThat(((MediaRefusedException) error).code()).isEqualTo("capture_failed");
              assertThat(error).hasMessageNotContaining("library text");
            })
        .verify(WAIT);
  }

  @Test
  void capturesNothing_whenTheStreamIsFedFromOutside() {
    Capture opened = capture;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> opened.segments(StreamDefinition.fedFromOutside(GATE)));
  }

  private StepVerifier.FirstStep<Segment> virtually(Flux<Segment> segments, long demand) {
    return StepVerifier.withVirtualTime(() -> segments, () -> time, demand);
  }

  private void restore() {
    try {
      Files.writeString(file, "aaabbbccc");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private StreamDefinition once(Pace pace) {
    return definition(file.toString(), false, pace);
  }

  private StreamDefinition looped(Pace pace) {
    return definition(file.toString(), true, pace);
  }

  private static StreamDefinition definition(String source, boolean loop, Pace pace) {
    return new StreamDefinition(
        GATE, source, loop, pace, 2000, "fps:1", StreamDefinition.Overload.LOSSLESS);
  }

  private static void isNotAVideo(Throwable error) {
    assertThat(((MediaRefusedException) error).code()).isEqualTo("not_a_video");
  }
}
