package dev.densestream.ingest;

import dev.densestream.ingest.source.SourceCapture;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import reactor.core.publisher.Flux;

/** Turns the source of a stream into its segments. */
public interface Capture {
  static Capture open(
      CaptureSettings settings, SegmentCutter cutter, MediaFetcher fetcher, MeterRegistry meters) {
    return SourceCapture.open(settings, cutter, fetcher, meters);
  }

  /**
   * One capture session per subscription, at most as fast as demanded. The session's clock starts
   * at the epoch microsecond it was subscribed to, or where the last segment ended that this
   * capture gave of the stream, should that be later, and never goes back; sequence numbers start
   * at 0 under a run of the session's own. At {@link StreamDefinition.Pace#MEDIA_SPEED} a segment
   * comes out when a camera would have finished recording it; where demand was slow, it catches up.
   *
   * <p>A source that fails is tried again as {@link CaptureSettings} say, from where it failed. The
   * flux completes when the source was to be read once, and errors with a {@link
   * MediaRefusedException} when it is given up.
   *
   * <p>The caller sees to it that a stream is captured once at a time.
   *
   * @throws IllegalArgumentException when the stream has no source
   */
  Flux<Segment> segments(StreamDefinition definition);

  /** How each stream stands: those being captured, and those that ended or were refused. */
  Map<StreamId, StreamState> states();

  /**
   * Shows of a stream what went wrong with its segments behind the capture, until it is captured
   * again.
   */
  void show(StreamId stream, StreamState state);

  /** Drops a stream that is no longer defined from {@link #states}. */
  void forget(StreamId stream);
}
