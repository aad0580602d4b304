package dev.densestream.answerservice.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.densestream.answerservice.Progress;
import dev.densestream.answerservice.Question;
import dev.densestream.answerservice.WindowShape;
import dev.densestream.answerservice.window.ClosedWindow.Ending;
import dev.densestream.framesampler.DropReason;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.PtsRange;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.StreamId;
import dev.densestream.visionpipeline.VisualTokens;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WindowTrackerTest {
  private static final StreamId CAM = new StreamId("cam");
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @Test
  void closesWindow_whenMediaTimePassesItsEnd() {
    WindowTracker tracker = fresh();
    List<Question> questions = List.of(question("q", 1, 4000, 4000));

    assertThat(tracker.accept(segment(0, 0, 2), questions).windows()).isEmpty();
    Closing closing = tracker.accept(segment(1, 2, 4), questions);

    assertThat(closing.windows()).hasSize(1);
    ClosedWindow window = closing.windows().getFirst();
    assertThat(window.range()).isEqualTo(new PtsRange(0, 4_000_000));
    assertThat(window.ending()).isEqualTo(Ending.COMPLETE);
    assertThat(window.content().frames())
        .extracting(VisualTokens::ptsMicros)
        .containsExactly(0L, 1_000_000L, 2_000_000L, 3_000_000L);
    assertThat(window.content().coverage()).isEqualTo(1);
    assertThat(window.content().capturedAt()).isEqualTo(NOON);
    assertThat(closing.done()).extracting(RecordPosition::offset).containsExactly(0L, 1L);
  }

  @Test
  void keepsSegment_thatAnOpenWindowStillNeeds() {
    WindowTracker tracker = fresh();
    List<Question> questions =
        List.of(question("short", 1, 2000, 2000), question("long", 1, 6000, 6000));

    Closing first = tracker.accept(segment(0, 0, 2), questions);
    assertThat(first.windows()).hasSize(1);
    assertThat(first.done()).isEmpty();
    tracker.accept(segment(1, 2, 4), questions);
    Closing last = tracker.accept(segment(2, 4, 6), questions);

    assertThat(last.windows()).extracting(w -> w.question().id()).containsExactly("long", "short");
    assertThat(last.done()).hasSize(3);
  }

  @Test
  void settlesAtOnce_whenNoQuestionConcernsTheStream() {
    Closing closing = fresh().accept(segment(0, 0, 2), List.of());

    assertThat(closing.windows()).isEmpty();
    assertThat(closing.done()).hasSize(1);
    assertThat(closing.progress()).isNull();
  }

  @Test
  void endsOpenWindow_whenANewVersionTakesOver() {
    WindowTracker tracker = fresh();
    tracker.accept(segment(0, 0, 2), List.of(question("q", 1, 4000, 4000)));
    Closing closing = tracker.accept(segment(1, 2, 4), List.of(question("q", 2, 4000, 4000)));

    assertThat(closing.windows())
        .extracting(w -> w.question().version(), ClosedWindow::ending)
        .containsExactlyInAnyOrder(tuple(1L, Ending.SUPERSEDED), tuple(2L, Ending.COMPLETE));
  }

  @Test
  void endsOpenWindow_whenTheQuestionIsWithdrawn() {
    WindowTracker tracker = fresh();
    tracker.accept(segment(0, 0, 2), List.of(question("q", 1, 4000, 4000)));

    Closing closing = tracker.reconcile(List.of());

    assertThat(closing.windows())
        .extracting(ClosedWindow::ending)
        .containsExactly(Ending.WITHDRAWN);
    assertThat(closing.done()).hasSize(1);
    assertThat(tracker.reconcile(List.of()).isEmpty()).isTrue();
  }

  @Test
  void endsWindowOfVanishedVersion_afterRestart() {
    WindowTracker tracker = fresh();
    Closing before = tracker.accept(segment(0, 0, 2), List.of(question("q", 1, 4000, 4000)));
    WindowTracker restarted = new WindowTracker(CAM, Optional.ofNullable(before.progress()));

    Closing closing = restarted.accept(segment(0, 0, 2), List.of(question("q", 2, 4000, 4000)));

    assertThat(closing.windows())
        .extracting(w -> w.question().version(), ClosedWindow::ending)
        .containsExactly(tuple(1L, Ending.SUPERSEDED));
  }

  @Test
  void countsFramesLate_whenTheirWindowsAreTerminal() {
    WindowTracker tracker = fresh();
    List<Question> questions = List.of(question("q", 1, 2000, 2000));
    tracker.accept(segment(0, 0, 2), questions);
    tracker.accept(segment(2, 4, 6), questions);

    Closing closing = tracker.accept(segment(1, 2, 4), questions);

    assertThat(closing.windows()).isEmpty();
    assertThat(closing.counts()).isEqualTo(new FrameCounts(2, 0, 0, Map.of(DropReason.LATE, 2L)));
    assertThat(closing.arrival().later()).isTrue();
    assertThat(closing.done()).hasSize(1);
  }

  @Test
  void putsSegmentsInOrder_whileTheirWindowIsOpen() {
    WindowTracker tracker = fresh();
    List<Question> questions = List.of(question("q", 1, 6000, 6000));
    tracker.accept(segment(1, 2, 4), questions);
    tracker.accept(segment(0, 0, 2), questions);
    Closing closing = tracker.accept(segment(2, 4, 6), questions);

    assertThat(closing.windows().getFirst().content().frames())
        .extracting(VisualTokens::ptsMicros)
        .isSorted()
        .hasSize(6);
    assertThat(closing.windows().getFirst().content().gaps()).isZero();
  }

  @Test
  void dropsDuplicate_ofAHeldSegment() {
    WindowTracker tracker = fresh();
    List<Question> questions = List.of(question("q", 1, 4000, 4000));
    tracker.accept(segment(0, 0, 2), questions);
    Closing closing = tracker.accept(at(7, segment(0, 0, 2)), questions);

    assertThat(closing.done()).extracting(RecordPosition::offset).containsExactly(7L);
    assertThat(closing.counts().dropped()).containsOnly(entry(DropReason.DUPLICATE, 2L));
    Closing last = tracker.accept(at(8, segment(1, 2, 4)), questions);
    assertThat(last.windows().getFirst().content().frames()).hasSize(4);
  }

  @Test
  void showsLostSegment_asCoverageAndGap() {
    WindowTracker tracker = fresh();
    List<Question> questions = List.of(question("q", 1, 8000, 8000));
    tracker.accept(segment(0, 0, 2), questions);
    ClosedWindow window = tracker.accept(segment(2, 4, 8), questions).windows().getFirst();

    assertThat(window.content().coverage()).isEqualTo(0.75, within(1e-9));
    assertThat(window.content().gaps()).isEqualTo(1);
  }

  @Test
  void makesNoWindows_inAJumpOfMediaTime() {
    WindowTracker tracker = fresh();
    List<Question> questions = List.of(question("q", 1, 2000, 2000));
    tracker.accept(segment(0, 0, 2), questions);
    Closing closing = tracker.accept(segment(1, 1_000_000, 1_000_002), questions);

    assertThat(closing.windows()).hasSize(1);
    assertThat(closing.windows().getFirst().range().startMicros()).isEqualTo(1_000_000_000_000L);
  }

  @Test
  void skipsWholeWindow_whenPartOfItWasLeftOutForLag() {
    WindowTracker tracker = fresh();
    List<Question> questions = List.of(question("q", 1, 4000, 4000));
    TakenSegment left = segment(0, 0, 2);
    TakenSegment.Content lagging =
        new TakenSegment.Content(
            0, List.of(), new FrameCounts(2, 0, 0, Map.of(DropReason.LAGGING, 2L)), true);
    tracker.accept(
        new TakenSegment(left.position(), "run", 0, false, NOON, left.range(), lagging), questions);
    Closing closing = tracker.accept(segment(1, 2, 4), questions);

    assertThat(closing.windows()).extracting(ClosedWindow::ending).containsExactly(Ending.LAGGING);
  }

  @Test
  void closesOpenWindows_whenTheStreamEnds() {
    WindowTracker tracker = fresh();
    List<Question> questions = List.of(question("q", 1, 4000, 4000));
    tracker.accept(segment(0, 0, 3), questions);
    Closing closing = tracker.end();

    assertThat(closing.windows()).hasSize(1);
    assertThat(closing.windows().getFirst().content().coverage()).isEqualTo(0.75, within(1e-9));
    assertThat(closing.done()).hasSize(1);
    assertThat(tracker.end().isEmpty()).isTrue();
  }

  @Test
  void putsFloatingSegmentsOneBehindTheOther_whenTheyCameFasterThanTheyLast() {
    WindowTracker tracker = fresh();
    List<Question> questions = List.of(question("q", 1, 4000, 4000));
    tracker.accept(floating(0, 100, 3), questions);
    Closing closing = tracker.accept(floating(1, 100, 3), questions);
    tracker.accept(floating(2, 200, 3), questions);

    assertThat(closing.windows().getFirst().content().frames())
        .extracting(frame -> frame.ptsMicros() / 1_000_000)
        .containsExactly(100L, 101L, 102L, 103L);
    assertThat(closing.progress()).isNotNull();
    assertThat(tracker.accept(floating(3, 300, 1), questions).windows())
        .extracting(window -> window.range().startMicros() / 1_000_000)
        .as("after a pause the record's own time counts")
        .containsExactly(200L);
  }

  @Test
  void putsAFloatingSegmentBehindTheWindowsThatSilenceEnded() {
    WindowTracker tracker = fresh();
    List<Question> questions = List.of(question("q", 1, 4000, 4000));
    tracker.accept(floating(0, 100, 6), questions);
    assertThat(tracker.end().windows()).hasSize(1);

    Closing closing = tracker.accept(floating(1, 103, 4), questions);

    assertThat(closing.counts().dropped()).isEmpty();
    assertThat(closing.windows())
        .extracting(window -> window.range().startMicros() / 1_000_000)
        .containsExactly(108L);
  }

  @Test
  void repeatsNoWindow_whenAQuestionIsWithdrawnAndComesBack() {
    WindowTracker tracker = fresh();
    List<Question> questions = List.of(question("q", 1, 4000, 4000));
    tracker.accept(segment(0, 0, 2), questions);
    Closing gone = tracker.reconcile(List.of());
    assertThat(gone.windows()).extracting(ClosedWindow::ending).containsExactly(Ending.WITHDRAWN);

    assertThat(tracker.accept(segment(1, 2, 4), questions).windows()).isEmpty();
    assertThat(tracker.accept(segment(2, 4, 8), questions).windows())
        .extracting(window -> window.range().startMicros())
        .containsExactly(4_000_000L);
    WindowTracker restarted = new WindowTracker(CAM, Optional.ofNullable(gone.progress()));
    assertThat(restarted.accept(segment(1, 2, 4), questions).windows()).isEmpty();
  }

  /** The invariant, over random shapes, jumps, duplicates, version changes and restarts. */
  @Test
  void closesEveryWindowExactlyOnce_inOrder_overRandomHistories() {
    for (int seed = 0; seed < 400; seed++) {
      new History(seed).play();
    }
  }

  /** One random history of a stream, with crashes that forget what was not settled. */
  private static final class History {
    private final int seed;
    private final Random random;
    private final List<TakenSegment> log = new ArrayList<>();
    private final Map<String, Long> terminal = new HashMap<>();
    private final Map<String, Long> lastStart = new HashMap<>();
    private final Set<Long> done = new HashSet<>();
    private Optional<Progress> settled = Optional.empty();
    private List<Question> questions = List.of();
    private int version = 1;

    History(int seed) {
      this.seed = seed;
      this.random = new Random(seed);
    }

    void play() {
      fillLog();
      questions = shapes();
      WindowTracker tracker = new WindowTracker(CAM, settled);
      for (int next = 0; next < log.size(); next++) {
        if (random.nextInt(7) == 0) {
          tracker = new WindowTracker(CAM, settled); // crash: back to the oldest not done
          next = firstNotDone(next);
        }
        if (random.nextInt(12) == 0) {
          version++;
          questions = shapes();
        }
        Closing closing = tracker.accept(log.get(next), questions);
        if (random.nextInt(5) != 0) {
          settle(closing);
        } else {
          tracker = new WindowTracker(CAM, settled); // crash before the settlement
          next = firstNotDone(next + 1) - 1;
        }
      }
      settle(tracker.end());
      expectAllWindowsOfLastVersion();
      assertThat(done).as("seed %d", seed).hasSize(log.size());
    }

    private void fillLog() {
      long at = random.nextInt(20);
      for (int i = 0; i < 60; i++) {
        long length = 1L + random.nextInt(3);
        at += random.nextInt(10) == 0 ? random.nextInt(30) : 0;
        log.add(at(i, segment(i, at, at + length)));
        at += length;
      }
    }

    private List<Question> shapes() {
      return List.of(
          question("a", version, 1000L * (1 + random.nextInt(5)), 1000L * (1 + random.nextInt(5))),
          question("b", version, 5000, 1000));
    }

    private int firstNotDone(int upTo) {
      int next = 0;
      while (next < upTo && done.contains((long) next)) {
        next++;
      }
      return next;
    }

    private void settle(Closing closing) {
      for (ClosedWindow window : closing.windows()) {
        String question = window.question().id() + "@" + window.question().version();
        String key = question + " " + window.range();
        assertThat(terminal.merge(key, 1L, Long::sum)).as("seed %d: %s", seed, key).isOne();
        Long before = lastStart.put(question, window.range().startMicros());
        if (before != null) {
          assertThat(window.range().startMicros())
              .as("seed %d: %s", seed, key)
              .isGreaterThan(before);
        }
      }
      closing.done().forEach(position -> done.add(position.offset()));
      if (closing.progress() != null) {
        settled = Optional.of(Progress.parse(closing.progress().toJson()));
      }
    }

    /** From the last version's first window on, every window any segment overlaps is terminal. */
    private void expectAllWindowsOfLastVersion() {
      for (Question question : questions) {
        String name = question.id() + "@" + question.version();
        long first = firstStart(name);
        for (TakenSegment segment : log) {
          for (PtsRange window : windows(question, segment.range())) {
            if (window.startMicros() >= first) {
              assertThat(terminal).as("seed %d", seed).containsKey(name + " " + window);
            }
          }
        }
      }
    }

    private long firstStart(String name) {
      return terminal.keySet().stream()
          .filter(key -> key.startsWith(name + " "))
          .mapToLong(key -> Long.parseLong(key.replaceAll(".*startMicros=(-?\\d+).*", "$1")))
          .min()
          .orElse(Long.MAX_VALUE);
    }

    private static List<PtsRange> windows(Question question, PtsRange range) {
      long hop = question.window().hopMicros();
      long length = question.window().lengthMicros();
      List<PtsRange> windows = new ArrayList<>();
      for (long k = Math.floorDiv(range.startMicros() - length, hop);
          k * hop < range.endMicros();
          k++) {
        PtsRange window = new PtsRange(k * hop, k * hop + length);
        if (window.overlaps(range)) {
          windows.add(window);
        }
      }
      return windows;
    }
  }

  private static WindowTracker fresh() {
    return new WindowTracker(CAM, Optional.empty());
  }

  private static Question question(String id, long version, long length, long hop) {
    return new Question(id, version, "*", "What happens?", new WindowShape(length, hop), 8);
  }

  /** One frame per second. */
  private static TakenSegment segment(long sequence, long startSecond, long endSecond) {
    PtsRange range = new PtsRange(startSecond * 1_000_000, endSecond * 1_000_000);
    List<VisualTokens> frames = new ArrayList<>();
    for (long second = startSecond; second < endSecond; second++) {
      frames.add(new VisualTokens(second * 1_000_000, 1, 1, new float[] {second}));
    }
    FrameCounts counts = new FrameCounts(frames.size(), frames.size(), 0, Map.of());
    return new TakenSegment(
        new RecordPosition("video.segments", 0, sequence, 1),
        "run",
        sequence,
        false,
        NOON.plusSeconds(startSecond),
        range,
        new TakenSegment.Content(range.durationMicros(), frames, counts, false));
  }

  /** Sent at a second, without saying where it lies. */
  private static TakenSegment floating(long offset, long sentSecond, long seconds) {
    TakenSegment claimed = segment(offset, sentSecond, sentSecond + seconds);
    return new TakenSegment(
        claimed.position(),
        null,
        offset,
        true,
        claimed.capturedAt(),
        claimed.range(),
        claimed.content());
  }

  private static TakenSegment at(long offset, TakenSegment segment) {
    return new TakenSegment(
        new RecordPosition("video.segments", 0, offset, 1),
        segment.run(),
        segment.sequence(),
        segment.floating(),
        segment.capturedAt(),
        segment.range(),
        segment.content());
  }
}
