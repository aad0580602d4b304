package dev.densestream.ingest.source;

import dev.densestream.ingest.SegmentCutter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What capture counts, over all streams. Every piece the cutter gives becomes a segment: pieces =
 * segments; of them {@code unaligned} did not start on a keyframe of the wanted interval.
 */
final class CaptureMeters {
  private final MeterRegistry meters;
  private final AtomicInteger sessions;

  CaptureMeters(MeterRegistry meters) {
    this.meters = meters;
    this.sessions = meters.gauge("densestream.capture.sessions", new AtomicInteger());
  }

  void started() {
    sessions.incrementAndGet();
  }

  void stopped() {
    sessions.decrementAndGet();
  }

  void segment(SegmentCutter.Piece piece) {
    meters.counter("densestream.capture.segments").increment();
    meters.counter("densestream.capture.bytes").increment((double) piece.media().sizeBytes());
    if (!piece.keyframeAligned()) {
      meters.counter("densestream.capture.unaligned").increment();
    }
  }

  void retry(String code) {
    meters.counter("densestream.capture.retries", "code", code).increment();
  }

  void refused(String code) {
    meters.counter("densestream.capture.refused", "code", code).increment();
  }
}
