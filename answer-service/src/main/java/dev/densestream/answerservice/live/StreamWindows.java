package dev.densestream.answerservice.live;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.DeadLetter;
import dev.densestream.answerservice.Progress;
import dev.densestream.answerservice.StreamActivity;
import dev.densestream.answerservice.window.Closing;
import dev.densestream.answerservice.window.TakenSegment;
import dev.densestream.answerservice.window.WindowTracker;
import dev.densestream.framesampler.DropReason;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.StreamId;
import dev.densestream.ingest.TopicTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The window trackers of all streams whose partitions this process holds. When a partition comes
 * anew its streams start over from what is settled: nothing needed for correctness lives only here.
 *
 * <p>Silence is counted in ticks that found no segment in work, so that a stream is never taken for
 * silent while its segments wait behind slow answers.
 */
final class StreamWindows {
  private static final Logger LOG = LoggerFactory.getLogger(StreamWindows.class);

  /** Shown of a stream whose last segment lies where its windows have been answered. */
  private static final String BEHIND = "segment_behind";

  private final StandingQuestions questions;
  private final TopicTable<Progress> progress;
  private final StreamActivity activity;
  private final LiveMetrics metrics;
  private final Bounds bounds;
  private final Map<Integer, Long> epochs = new HashMap<>();
  private final Map<StreamId, Lane> lanes = new HashMap<>();

  /**
   * @param idleTicks of silence until a stream's windows are ended
   * @param tokenBytes of visual tokens that the open windows of all streams hold, at most
   */
  record Bounds(int idleTicks, long tokenBytes) {
    Bounds {
      if (tokenBytes < 1) {
        throw new IllegalArgumentException("token bytes must be >= 1: was " + tokenBytes);
      }
    }
  }

  /** One stream's tracker, where its records come from, and for how many ticks none came. */
  private static final class Lane {
    final WindowTracker tracker;
    final int partition;
    int silentTicks;

    Lane(WindowTracker tracker, int partition) {
      this.tracker = tracker;
      this.partition = partition;
    }
  }

  StreamWindows(
      StandingQuestions questions,
      TopicTable<Progress> progress,
      StreamActivity activity,
      LiveMetrics metrics,
      Bounds bounds) {
    this.questions = requireNonNull(questions, "questions is null");
    this.progress = requireNonNull(progress, "progress is null");
    this.activity = requireNonNull(activity, "activity is null");
    this.metrics = requireNonNull(metrics, "metrics is null");
    this.bounds = requireNonNull(bounds, "bounds is null");
    metrics.windowBytes(this::heldBytes, bounds.tokenBytes);
  }

  /**
   * Completes when the position's partition may be worked on: at once, unless it came anew; then
   * all that any earlier owner settled is waited for first.
   */
  Mono<Void> ready(RecordPosition position) {
    return Mono.defer(
        () ->
            isKnown(position)
                ? Mono.empty()
                : Mono.when(questions.caughtUp(), progress.caughtUp())
                    .then(Mono.fromRunnable(() -> restart(position))));
  }

  private synchronized boolean isKnown(RecordPosition position) {
    return epochs.getOrDefault(position.partition(), Long.MIN_VALUE) == position.epoch();
  }

  private synchronized void restart(RecordPosition position) {
    epochs.put(position.partition(), position.epoch());
    lanes.values().removeIf(lane -> lane.partition == position.partition());
  }

  /** Puts a record into its stream's windows. */
  synchronized Work accept(TakenRecord taken) {
    metrics.segmentInWindows();
    if (taken.segment().isEmpty()) {
      return Work.done(taken.position(), taken.letters());
    }
    TakenRecord.Taken segment = taken.segment().get();
    StreamId stream = segment.stream();
    Lane lane = lanes.computeIfAbsent(stream, id -> open(id, taken.position().partition()));
    lane.silentTicks = 0;
    try {
      Closing closing = lane.tracker.accept(segment.segment(), questions.on(stream));
      makeRoom();
      metrics.arrived(closing.arrival());
      tell(stream, isBehind(segment.segment(), closing) ? BEHIND : segment.failure());
      return Work.of(stream, closing, taken.letters(), taken.position());
    } catch (RuntimeException e) {
      LOG.error("a segment of stream {} broke its windows", stream, e);
      lane.tracker.giveUp(taken.position());
      return broken(taken, segment);
    }
  }

  /** Streams that hold more than their share of what all may hold let go of frames. */
  private void makeRoom() {
    for (long held = heldBytes(); held > bounds.tokenBytes; held = heldBytes()) {
      List<WindowTracker> holding =
          lanes.values().stream()
              .map(lane -> lane.tracker)
              .filter(tracker -> tracker.heldBytes() > 0)
              .sorted(Comparator.comparingLong(WindowTracker::heldBytes))
              .toList();
      WindowTracker most = holding.getLast();
      long share = bounds.tokenBytes / holding.size();
      most.thin(Math.max(share, most.heldBytes() - (held - bounds.tokenBytes)));
    }
  }

  /** Whether all of it came after its windows were over, as where a producer's clock went back. */
  private static boolean isBehind(TakenSegment segment, Closing closing) {
    long late = closing.counts().dropped().getOrDefault(DropReason.LATE, 0L);
    int frames = segment.content().frames().size();
    return !segment.floating()
        && frames > 0
        && late >= frames
        && closing.done().contains(segment.position());
  }

  private void tell(StreamId stream, @Nullable String failure) {
    if (failure == null) {
      activity.well(stream);
    } else {
      activity.failed(stream, failure);
    }
  }

  /** What nobody thought of costs this record, not the streams. */
  private Work broken(TakenRecord taken, TakenRecord.Taken segment) {
    activity.failed(segment.stream(), TakenRecord.BROKEN.code());
    List<DeadLetter> letters = new ArrayList<>(taken.letters());
    letters.add(segment.letter().apply(TakenRecord.BROKEN));
    return Work.done(taken.position(), letters);
  }

  private Lane open(StreamId stream, int partition) {
    Optional<Progress> settled = Optional.ofNullable(progress.snapshot().get(stream.value()));
    return new Lane(new WindowTracker(stream, settled), partition);
  }

  /** Ends windows of questions that changed, and of streams that have fallen silent. */
  synchronized List<Work> tick() {
    boolean quiet = metrics.segmentsInWork() == 0;
    List<Work> works = new ArrayList<>();
    lanes.forEach(
        (stream, lane) -> {
          works.addAll(work(stream, lane, lane.tracker.reconcile(questions.on(stream))));
          lane.silentTicks += quiet ? 1 : 0;
          if (lane.silentTicks >= bounds.idleTicks) {
            works.addAll(work(stream, lane, lane.tracker.end()));
          }
        });
    return works;
  }

  private List<Work> work(StreamId stream, Lane lane, Closing closing) {
    if (closing.isEmpty()) {
      return List.of();
    }
    return lane.tracker.last().stream()
        .map(last -> Work.of(stream, closing, List.of(), last))
        .toList();
  }

  /** The work is visible to readers: counted now, since what is not settled is done again. */
  void settled(Work work) {
    metrics.done(work.counts());
    work.windows().forEach(metrics::closed);
    if (work.stream() != null) {
      activity.counted(work.stream(), work.counts());
    }
  }

  /** The partition has been revoked: its streams are somebody else's. */
  synchronized void forget(RecordPosition stale) {
    if (isKnown(stale)) {
      epochs.remove(stale.partition());
      lanes.values().removeIf(lane -> lane.partition == stale.partition());
    }
  }

  private synchronized long heldBytes() {
    return lanes.values().stream().mapToLong(lane -> lane.tracker.heldBytes()).sum();
  }
}
