package dev.densestream.answerservice;

import static java.util.Objects.requireNonNull;

import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.StreamId;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What this process has seen of each stream since it started: written by the live pipeline, read by
 * the web. Holds one small picture per stream, for at most {@value #MOST_STREAMS} streams; streams
 * beyond that are not shown.
 *
 * <p>A view, never a source: answers carry their own counts, and metrics theirs.
 */
public final class StreamActivity {
  private static final int MOST_STREAMS = 256;

  private final Map<StreamId, Seen> seen = new ConcurrentHashMap<>();
  private final AtomicLong taken = new AtomicLong();
  private final Clock clock;

  public StreamActivity(Clock clock) {
    this.clock = requireNonNull(clock, "clock is null");
  }

  /**
   * What has been seen of one stream.
   *
   * @param counts of all segments done with here
   * @param latest the last frame the policy took; null before the first
   * @param failure code of the last segment that was given up; null when the last one was well
   */
  public record Seen(
      FrameCounts counts, @Nullable Latest latest, Instant at, @Nullable String failure) {
    public Seen {
      requireNonNull(counts, "counts is null");
      requireNonNull(at, "at is null");
    }
  }

  /**
   * The last frame the policy took.
   *
   * @param number no other frame of this process has it
   * @param width of the frame, in pixels
   * @param height of the frame, in pixels
   * @param picture the frame itself where it is small, else a smaller one; see {@link SmallPicture}
   */
  public record Latest(long number, int width, int height, Frame picture) {
    public Latest {
      requireNonNull(picture, "picture is null");
    }
  }

  /** The policy took {@code frame}; a small picture of it is kept until the next one. */
  public void sampled(StreamId stream, Frame frame) {
    Latest latest =
        new Latest(taken.incrementAndGet(), frame.width(), frame.height(), SmallPicture.of(frame));
    change(stream, was -> new Seen(was.counts, latest, clock.instant(), was.failure));
  }

  /** Segments are done with; this became of their frames. */
  public void counted(StreamId stream, FrameCounts counts) {
    change(stream, was -> new Seen(was.counts.plus(counts), was.latest, was.at, was.failure));
  }

  /** A segment was read to its end. */
  public void well(StreamId stream) {
    change(stream, was -> new Seen(was.counts, was.latest, clock.instant(), null));
  }

  /** A segment was given up, whole or in part. */
  public void failed(StreamId stream, String code) {
    change(stream, was -> new Seen(was.counts, was.latest, clock.instant(), code));
  }

  public void forget(StreamId stream) {
    seen.remove(stream);
  }

  /** Streams anything has been seen of. */
  public Set<StreamId> streams() {
    return Set.copyOf(seen.keySet());
  }

  public Optional<Seen> of(StreamId stream) {
    return Optional.ofNullable(seen.get(stream));
  }

  private void change(StreamId stream, UnaryOperator<Seen> next) {
    if (seen.size() >= MOST_STREAMS && !seen.containsKey(stream)) {
      return;
    }
    Seen none = new Seen(FrameCounts.NONE, null, clock.instant(), null);
    seen.compute(stream, (_, was) -> next.apply(was == null ? none : was));
  }
}
