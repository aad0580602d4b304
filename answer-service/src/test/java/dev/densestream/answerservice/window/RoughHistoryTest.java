package dev.densestream.answerservice.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.answerservice.Progress;
import dev.densestream.answerservice.Question;
import dev.densestream.answerservice.WindowShape;
import dev.densestream.framesampler.DropReason;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.PtsRange;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.StreamId;
import dev.densestream.visionpipeline.VisualTokens;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Random histories of a stream whose segments come late, twice, not at all, from runs that start
 * anew, or without saying where they lie; with questions that change, go and come back.
 */
class RoughHistoryTest {
  private static final StreamId CAM = new StreamId("cam");
  private static final int HISTORIES = 200;

  @Test
  void accountsForEveryFrame() {
    for (int seed = 0; seed < HISTORIES; seed++) {
      History history = new History(seed, Log.rough(seed), true);
      history.playWithoutCrashes();
      history.expectLedgerTrue();
    }
  }

  /** The control: a ledger that forgets late frames is found out. */
  @Test
  void findsFramesThatAreNotAccountedFor() {
    boolean anyLate = false;
    for (int seed = 0; seed < HISTORIES && !anyLate; seed++) {
      History history = new History(seed, Log.rough(seed), true);
      history.playWithoutCrashes();
      if (history.dropped.getOrDefault(DropReason.LATE, 0L) > 0) {
        anyLate = true;
        history.dropped.remove(DropReason.LATE);
        assertThatThrownBy(history::expectLedgerTrue).isInstanceOf(AssertionError.class);
      }
    }
    assertThat(anyLate).isTrue();
  }

  @Test
  void closesNoWindowTwice_overCrashes() {
    for (int seed = 0; seed < HISTORIES; seed++) {
      History history = new History(seed, Log.rough(seed), true);
      history.playWithCrashes(seed);
      assertThat(history.done).as("seed %d", seed).hasSize(history.log.size());
    }
  }

  @Test
  void givesFloatingSegmentsTheSamePlaces_whenReadAgain() {
    for (int seed = 0; seed < HISTORIES; seed++) {
      History smooth = new History(seed, Log.floating(seed), false);
      smooth.playWithoutCrashes();
      History crashing = new History(seed, Log.floating(seed), false);
      crashing.playWithCrashes(seed);

      assertThat(crashing.frames).as("seed %d", seed).isEqualTo(smooth.frames);
      assertThat(smooth.dropped).as("seed %d", seed).isEmpty();
      assertThat(smooth.gated).as("seed %d", seed).isZero();
      assertThat(smooth.inWindows.size()).as("seed %d", seed).isEqualTo(smooth.given);
    }
  }

  /** What comes in, made beforehand. */
  private record Log(List<TakenSegment> segments, Set<Integer> silences) {
    static Log rough(int seed) {
      Random random = new Random(seed);
      List<TakenSegment> segments = new ArrayList<>();
      long at = random.nextInt(20);
      int run = 0;
      int number = 0;
      for (int i = 0; i < 60; i++) {
        if (random.nextInt(20) == 0) {
          run++; // the producer starts anew
          number = 0;
        }
        long length = 1L + random.nextInt(3);
        at += random.nextInt(10) == 0 ? random.nextInt(30) : 0;
        segments.add(segment(run, number++, at, at + length, random.nextInt(8) == 0));
        at += length;
      }
      disturb(segments, random);
      return new Log(onOffsets(segments), silences(random));
    }

    private static void disturb(List<TakenSegment> segments, Random random) {
      for (int i = 0; i < 8; i++) {
        int from = random.nextInt(segments.size());
        int to = Math.min(segments.size() - 1, from + random.nextInt(8));
        switch (random.nextInt(3)) {
          case 0 -> Collections.swap(segments, from, to);
          case 1 -> segments.add(to, again(segments.get(from)));
          default -> segments.remove(from);
        }
      }
    }

    /** Sent faster than they last, mostly; sometimes after a pause. */
    static Log floating(int seed) {
      Random random = new Random(seed);
      List<TakenSegment> segments = new ArrayList<>();
      long sent = 100;
      for (int i = 0; i < 40; i++) {
        long length = 1L + random.nextInt(6);
        TakenSegment claimed = segment(0, i, sent, sent + length, false);
        segments.add(
            new TakenSegment(
                claimed.position(),
                null,
                i,
                true,
                claimed.capturedAt(),
                claimed.range(),
                claimed.content()));
        sent += random.nextInt(8) == 0 ? 20 : random.nextInt(2);
      }
      return new Log(onOffsets(segments), silences(random));
    }

    private static Set<Integer> silences(Random random) {
      return Set.of(random.nextInt(20), 20 + random.nextInt(20));
    }

    private static List<TakenSegment> onOffsets(List<TakenSegment> segments) {
      List<TakenSegment> placed = new ArrayList<>();
      for (TakenSegment s : segments) {
        placed.add(
            new TakenSegment(
                new RecordPosition("video.segments", 0, placed.size(), 1),
                s.run(),
                s.sequence(),
                s.floating(),
                s.capturedAt(),
                s.range(),
                s.content()));
      }
      return placed;
    }

    /** The same segment once more, with frames of its own so that they can be told apart. */
    private static TakenSegment again(TakenSegment s) {
      boolean lagging = s.content().lagging();
      return segment(
          Integer.parseInt(String.valueOf(s.run())),
          s.sequence(),
          s.range().startMicros() / 1_000_000,
          s.range().endMicros() / 1_000_000,
          lagging);
    }

    private static TakenSegment segment(
        int run, long sequence, long startSecond, long endSecond, boolean lagging) {
      List<VisualTokens> frames = new ArrayList<>();
      for (long second = startSecond; second < endSecond && !lagging; second++) {
        frames.add(new VisualTokens(second * 1_000_000, 1, 1, new float[1]));
      }
      long seen = endSecond - startSecond;
      FrameCounts counts =
          lagging
              ? new FrameCounts(seen, 0, 0, Map.of(DropReason.LAGGING, seen))
              : new FrameCounts(seen, seen, 0, Map.of());
      PtsRange range = new PtsRange(startSecond * 1_000_000, endSecond * 1_000_000);
      return new TakenSegment(
          new RecordPosition("video.segments", 0, 0, 1),
          Integer.toString(run),
          sequence,
          false,
          Instant.ofEpochSecond(startSecond),
          range,
          new TakenSegment.Content(lagging ? 0 : range.durationMicros(), frames, counts, lagging));
    }
  }

  private static final class History {
    private final int seed;
    private final List<TakenSegment> log;
    private final Set<Integer> silences;
    private final Random random;
    private final Map<String, Integer> terminal = new HashMap<>();
    private final Map<String, Long> lastStart = new HashMap<>();
    private final Map<String, List<Long>> frames = new HashMap<>();
    private final Set<float[]> inWindows = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Long> done = new HashSet<>();
    private final Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
    private final int given;
    private long seen;
    private long sampled;
    private long gated;
    private final boolean changing;
    private Optional<Progress> settled = Optional.empty();
    private List<Question> questions;

    /**
     * @param changing whether questions come and go, and windows may lie apart
     */
    History(int seed, Log log, boolean changing) {
      this.seed = seed;
      this.changing = changing;
      this.log = log.segments();
      this.silences = log.silences();
      this.random = new Random(seed);
      this.given = this.log.stream().mapToInt(s -> (int) s.content().counts().seen()).sum();
      this.questions = List.of(question("a", 1), question("b", 1));
    }

    void playWithoutCrashes() {
      WindowTracker tracker = new WindowTracker(CAM, settled);
      for (int next = 0; next < log.size(); next++) {
        settle(tracker.accept(log.get(next), changed()));
        if (silences.contains(next)) {
          settle(tracker.end());
        }
      }
      settle(tracker.end());
    }

    void playWithCrashes(int crashSeed) {
      Random crashes = new Random(~crashSeed);
      WindowTracker tracker = new WindowTracker(CAM, settled);
      int furthest = -1;
      for (int next = 0; next < log.size(); next++) {
        if (next > furthest) {
          changed();
          furthest = next;
        }
        Closing closing = tracker.accept(log.get(next), questions);
        boolean crash = crashes.nextInt(5) == 0;
        if (!crash) {
          settle(closing);
          if (silences.contains(next)) {
            closing = tracker.end();
            crash = crashes.nextInt(3) == 0;
            if (!crash) {
              settle(closing);
            }
          }
        }
        if (crash || crashes.nextInt(7) == 0) {
          tracker = new WindowTracker(CAM, settled);
          next = firstNotDone(next + 1) - 1;
        }
      }
      settle(tracker.end());
    }

    private int firstNotDone(int upTo) {
      int next = 0;
      while (next < upTo && done.contains((long) next)) {
        next++;
      }
      return next;
    }

    /** Versions come, go and come back; one version's windows always have one shape. */
    private List<Question> changed() {
      if (changing && random.nextInt(10) == 0) {
        List<Question> others = new ArrayList<>();
        for (String id : List.of("a", "b")) {
          if (random.nextInt(4) > 0) {
            others.add(question(id, 1 + random.nextInt(3)));
          }
        }
        questions = others;
      }
      return questions;
    }

    private Question question(String id, int version) {
      Random shape = new Random(31L * seed + 7L * version + id.hashCode());
      long length = 1000L * (1 + shape.nextInt(6));
      long hop = changing ? 1000L * (1 + shape.nextInt(6)) : Math.min(length, 2000L);
      return new Question(id, version, "*", "What?", new WindowShape(length, hop), 8);
    }

    private void settle(Closing closing) {
      closing.windows().forEach(this::closed);
      closing.done().forEach(position -> done.add(position.offset()));
      if (closing.progress() != null) {
        settled = Optional.of(Progress.parse(closing.progress().toJson()));
      }
      FrameCounts counts = closing.counts();
      seen += counts.seen();
      sampled += counts.sampled();
      gated += counts.gated();
      counts.dropped().forEach((reason, count) -> dropped.merge(reason, count, Long::sum));
    }

    private void closed(ClosedWindow window) {
      String question = window.question().id() + "@" + window.question().version();
      String key = question + " " + window.range();
      assertThat(terminal.merge(key, 1, Integer::sum)).as("seed %d: %s", seed, key).isOne();
      long start = window.range().startMicros();
      Long before = lastStart.put(question, start);
      assertThat(before == null || before < start).as("seed %d: %s in order", seed, key).isTrue();
      window.content().frames().forEach(frame -> inWindows.add(frame.values()));
      frames.put(key, window.content().frames().stream().map(VisualTokens::ptsMicros).toList());
    }

    /** A frame is sampled if and only if a window was closed with it in it. */
    void expectLedgerTrue() {
      assertThat(seen).as("seed %d", seed).isEqualTo(given);
      long lost = dropped.values().stream().mapToLong(Long::longValue).sum();
      assertThat(sampled + gated + lost).as("seed %d", seed).isEqualTo(given);
      assertThat((long) inWindows.size()).as("seed %d", seed).isEqualTo(sampled);
    }
  }
}
