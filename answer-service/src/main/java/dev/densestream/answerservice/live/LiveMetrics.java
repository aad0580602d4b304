package dev.densestream.answerservice.live;

import dev.densestream.answerservice.Answer;
import dev.densestream.answerservice.DeadLetter;
import dev.densestream.answerservice.window.ClosedWindow;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts of the live pipeline. Every window that closes is answered, skipped or failed: {@code
 * windows = answers} once it has settled.
 */
final class LiveMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(LiveMetrics.class);

  private final MeterRegistry registry;
  private final AtomicLong frameBytes = new AtomicLong();
  private final AtomicLong segmentsInWork = new AtomicLong();

  LiveMetrics(MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder("densestream.queue.bytes", frameBytes, AtomicLong::doubleValue)
        .description("Bytes held, by what they are")
        .tag("queue", "frames")
        .register(registry);
    Gauge.builder("densestream.segments.active", segmentsInWork, AtomicLong::doubleValue)
        .description("Segments between the poll and their windows")
        .register(registry);
    for (String outcome : new String[] {"answered", "skipped", "failed"}) {
      registry.counter("densestream.answers", "outcome", outcome);
    }
    for (ClosedWindow.Ending ending : ClosedWindow.Ending.values()) {
      registry.counter("densestream.windows", "ending", lower(ending));
    }
    for (SegmentVerdict verdict : SegmentVerdict.values()) {
      registry.counter("densestream.segments", "verdict", lower(verdict));
    }
    registry.counter("densestream.settlements", "outcome", "committed");
    registry.counter("densestream.settlements", "outcome", "stale");
    registry.counter("densestream.windows.late.frames");
  }

  /** What became of a record of the segments topic. */
  enum SegmentVerdict {
    DECODED,
    DAMAGED,
    REFUSED,
    LAGGING,
    POISON
  }

  void windowBytes(LongSupplier held) {
    Gauge.builder("densestream.queue.bytes", held, LongSupplier::getAsLong)
        .description("Bytes held, by what they are")
        .tag("queue", "windows")
        .strongReference(true)
        .register(registry);
  }

  void segment(SegmentVerdict verdict) {
    registry.counter("densestream.segments", "verdict", lower(verdict)).increment();
  }

  void segmentTaken() {
    segmentsInWork.incrementAndGet();
  }

  void segmentInWindows() {
    segmentsInWork.decrementAndGet();
  }

  /** Segments polled and not yet in their windows. */
  long segmentsInWork() {
    return segmentsInWork.get();
  }

  /** A new run of the pipeline starts with nothing in work. */
  void restarted() {
    segmentsInWork.set(0);
    frameBytes.set(0);
  }

  void frameHeld(int bytes) {
    frameBytes.addAndGet(bytes);
  }

  void frameReleased(int bytes) {
    frameBytes.addAndGet(-bytes);
  }

  void closed(ClosedWindow window) {
    registry.counter("densestream.windows", "ending", lower(window.ending())).increment();
  }

  void late(int frames) {
    registry.counter("densestream.windows.late.frames").increment(frames);
  }

  void answered(Answer.Outcome outcome, long nanos) {
    Timer.builder("densestream.answer.time")
        .description("From a closed window to its answer")
        .tag("outcome", outcome.text())
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Visible to readers from now on. */
  void published(Answer answer) {
    registry.counter("densestream.answers", "outcome", answer.outcome().text()).increment();
  }

  /** Visible to readers from now on. The codes are a fixed set, whatever the records said. */
  void deadLetter(DeadLetter letter) {
    registry.counter("densestream.dead.letters", "code", letter.cause().code()).increment();
    LOG.warn(
        "dead letter: {} at {}: {}: {}",
        letter.source().path(),
        letter.position() == null ? "no record" : letter.position().eventId(),
        letter.cause().code(),
        letter.cause().detail());
  }

  void settled(boolean committed) {
    registry
        .counter("densestream.settlements", "outcome", committed ? "committed" : "stale")
        .increment();
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
