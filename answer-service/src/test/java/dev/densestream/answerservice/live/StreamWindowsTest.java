package dev.densestream.answerservice.live;

import static dev.densestream.answerservice.live.LiveRig.SECOND;
import static dev.densestream.answerservice.live.LiveRig.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.densestream.answerservice.Answer;
import dev.densestream.answerservice.DeadLetter;
import dev.densestream.answerservice.Progress;
import dev.densestream.answerservice.Question;
import dev.densestream.answerservice.StreamActivity;
import dev.densestream.answerservice.window.ClosedWindow;
import dev.densestream.answerservice.window.TakenSegment;
import dev.densestream.framesampler.DropReason;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.PtsRange;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.ingest.StreamId;
import dev.densestream.visionpipeline.VisualTokens;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StreamWindowsTest {
  private final FixedTable<Question> questions = new FixedTable<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final LiveMetrics metrics = new LiveMetrics(meters);
  private final StreamActivity activity = new StreamActivity(Clock.systemUTC());

  @Test
  void makesADeadLetter_ofARecordThatBreaksItsWindows_andGoesOn() {
    ask(1);
    StreamWindows windows = windows();
    questions.broken = true;
    Work broken = accept(windows, "cam", 0, 1, 1);
    questions.broken = false;
    Work next = accept(windows, "cam", 1, 1, 1);

    assertThat(broken.letters())
        .extracting(letter -> letter.cause().code())
        .containsExactly("segment_broken");
    assertThat(broken.done()).extracting(RecordPosition::offset).containsExactly(0L);
    assertThat(next.letters()).isEmpty();
    assertThat(next.windows())
        .extracting(ClosedWindow::range)
        .containsExactly(new PtsRange(SECOND, 2 * SECOND));
    assertThat(next.done()).extracting(RecordPosition::offset).containsExactly(1L);
  }

  /** The control is {@link #letsGoOfNothing_whereAWindowHasRoom}, where all is settled at once. */
  @Test
  void countsWhatIsSettled_andOnce_whenItHadToBeDoneAgain() {
    ask(1);
    StreamWindows windows = windows();
    windows.ready(new RecordPosition("segments", 0, 0, 1)).block();
    Work stale = unsettled(windows, "cam", 0, 1, 5);
    assertThat(stale.windows()).hasSize(1);
    assertThat(frames("sampled", "none")).isZero();
    windows.forget(stale.basis());
    accept(windows, "cam", 0, 1, 5);

    assertThat(frames("sampled", "none")).isEqualTo(5);
    assertThat(meters.counter("densestream.windows", "ending", "complete").count()).isOne();
    assertThat(activity.of(new StreamId("cam")).orElseThrow().counts().sampled()).isEqualTo(5);
  }

  @Test
  void saysOfAStream_thatItsSegmentsLieBehindWhatWasAnswered() {
    ask(1);
    StreamWindows windows = windows();
    accept(windows, "cam", 3600, 1, 1);
    accept(windows, "cam", 180, 1, 1);
    assertThat(failure("cam")).isEqualTo("segment_behind");
    accept(windows, "cam", 3601, 1, 1);
    assertThat(failure("cam")).as("the control: it goes on").isNull();
  }

  private @Nullable String failure(String stream) {
    return activity.of(new StreamId(stream)).orElseThrow().failure();
  }

  /** Ten minutes at ten frames a second, where there is room for a hundred. */
  @Test
  void holdsNoMoreTokensThanAllowed_andShowsFramesOfAllOfALongWindow() {
    ask(600);
    StreamWindows windows = windows(400);
    for (int second = 0; second < 599; second++) {
      assertThat(accept(windows, "cam", second, 1, 10).windows()).isEmpty();
      assertThat(heldBytes()).isLessThanOrEqualTo(400);
    }
    List<ClosedWindow> closed = accept(windows, "cam", 599, 1, 10).windows();

    List<Long> seen =
        closed.getFirst().content().frames().stream().map(VisualTokens::ptsMicros).toList();
    assertThat(seen).hasSizeBetween(100, 110).first().isEqualTo(0L);
    assertThat(longestGap(seen))
        .as("of 6 s where they were spread ideally")
        .isLessThan(15 * SECOND);
    assertThat(closed.getFirst().content().coverage()).isEqualTo(1);
    assertThat(closed.getFirst().content().counts().dropped())
        .containsOnly(entry(DropReason.LIMIT, 6000L - seen.size()));
    assertThat(frames("sampled", "none")).isEqualTo(seen.size());
    assertThat(frames("dropped", "limit")).isEqualTo(6000 - seen.size());
    assertThat(meters.get("densestream.queue.limit.bytes").gauge().value()).isEqualTo(400);
  }

  @Test
  void letsGoOfNothing_whereAWindowHasRoom() {
    ask(10);
    StreamWindows windows = windows(400);
    for (int second = 0; second < 10; second++) {
      accept(windows, "cam", second, 1, 10);
    }

    assertThat(frames("sampled", "none")).isEqualTo(100);
    assertThat(frames("dropped", "limit")).isZero();
  }

  @Test
  void leavesAStreamAlone_thatHoldsItsShare() {
    ask(600);
    StreamWindows windows = windows(400);
    accept(windows, "modest", 0, 1, 40);
    for (int second = 0; second < 60; second++) {
      accept(windows, "greedy", second, 1, 10);
    }
    assertThat(heldBytes()).isEqualTo(400);
    windows.tick().forEach(windows::settled);

    assertThat(frames("sampled", "none")).as("40 and 60").isEqualTo(100);
    assertThat(frames("dropped", "limit")).as("of 640").isEqualTo(540);
    assertThat(activity.of(new StreamId("modest")))
        .hasValueSatisfying(seen -> assertThat(seen.counts().sampled()).isEqualTo(40));
  }

  @Test
  void countsFramesAsSampled_thatAShortWindowHadShown_beforeALongOneLetGoOfThem() {
    questions.content =
        Map.of("long", LiveRig.question("long", 1, 600), "short", LiveRig.question("short", 1, 1));
    StreamWindows windows = windows(400);
    for (int second = 0; second < 60; second++) {
      accept(windows, "cam", second, 1, 10);
    }
    assertThat(heldBytes()).isEqualTo(400);
    windows.tick().forEach(windows::settled);

    assertThat(frames("sampled", "none")).isEqualTo(600);
    assertThat(frames("dropped", "limit")).isZero();
  }

  private static long longestGap(List<Long> times) {
    long longest = 0;
    for (int i = 1; i < times.size(); i++) {
      longest = Math.max(longest, times.get(i) - times.get(i - 1));
    }
    return longest;
  }

  private double heldBytes() {
    return meters.get("densestream.queue.bytes").tag("queue", "windows").gauge().value();
  }

  private double frames(String verdict, String reason) {
    return meters
        .counter("densestream.stream.frames", "verdict", verdict, "reason", reason)
        .count();
  }

  private void ask(int seconds) {
    questions.content = Map.of("q", LiveRig.question("q", 1, seconds));
  }

  private StreamWindows windows() {
    return windows(1 << 30);
  }

  /** A frame takes four bytes. */
  private StreamWindows windows(long tokenBytes) {
    StandingQuestions standing =
        new StandingQuestions(questions, new FixedTable<StreamDefinition>(), meters);
    return new StreamWindows(
        standing,
        new FixedTable<Progress>(),
        activity,
        metrics,
        new StreamWindows.Bounds(1, tokenBytes));
  }

  /** So many seconds from {@code second} on, with so many frames each. */
  private Work accept(
      StreamWindows windows, String stream, int second, int seconds, int framesPerSecond) {
    Work work = unsettled(windows, stream, second, seconds, framesPerSecond);
    windows.settled(work);
    return work;
  }

  private Work unsettled(
      StreamWindows windows, String stream, int second, int seconds, int framesPerSecond) {
    metrics.segmentTaken();
    return windows.accept(taken(stream, second, seconds, framesPerSecond));
  }

  private static TakenRecord taken(String stream, int second, int seconds, int framesPerSecond) {
    RecordPosition position = new RecordPosition("segments", 0, second, 1);
    List<VisualTokens> frames = new ArrayList<>();
    for (int frame = 0; frame < seconds * framesPerSecond; frame++) {
      long pts = second * SECOND + frame * SECOND / framesPerSecond;
      frames.add(new VisualTokens(pts, 1, 1, new float[1]));
    }
    FrameCounts counts = new FrameCounts(frames.size(), frames.size(), 0, Map.of());
    PtsRange range = new PtsRange(second * SECOND, (second + seconds) * SECOND);
    TakenSegment segment =
        new TakenSegment(
            position,
            "run",
            second,
            false,
            START,
            range,
            new TakenSegment.Content(range.durationMicros(), frames, counts, false));
    return new TakenRecord(
        position,
        Optional.of(
            new TakenRecord.Taken(
                new StreamId(stream),
                segment,
                null,
                cause ->
                    new DeadLetter(Answer.Source.stream(stream), cause, position, 1, "", START))),
        List.of());
  }
}
