package dev.densestream.answerservice.live;

import dev.densestream.answerservice.Answer;
import dev.densestream.answerservice.DeadLetter;
import dev.densestream.answerservice.window.ClosedWindow;
import dev.densestream.answerservice.window.SegmentNumbers;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.framesampler.FrameLedger;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
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
  private final FrameLedger frames;
  private final AtomicLong segmentsInWork = new AtomicLong();

  LiveMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.frames = new FrameLedger(registry, "densestream.stream.frames");
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
    for (String what : NUMBERS) {
      registry.counter("densestream.stream.numbers", "what", what);
    }
  }

  /**
   * Segments by what their numbers say: passed over; come after all; come twice. Lost are {@code
   * missing - later}.
   */
  private static final List<String> NUMBERS = List.of("missing", "later", "duplicate");

  /** What became of a record of the segments topic. */
  enum SegmentVerdict {
    DECODED,
    DAMAGED,
    REFUSED,
    UNENCODED,
    LAGGING,
    POISON
  }

  /** Exports what the budget holds, what waits for it, and its bound. */
  void watch(FrameBudget budget) {
    Gauge.builder("densestream.queue.bytes", budget, FrameBudget::heldBytes)
        .description("Bytes held, by what they are")
        .tag("queue", "frames")
        .strongReference(true)
        .register(registry);
    Gauge.builder("densestream.queue.limit.bytes", budget, FrameBudget::mostBytes)
        .description("Most bytes held, by what they are")
        .tag("queue", "frames")
        .strongReference(true)
        .register(registry);
    Gauge.builder("densestream.frames.waiting", budget, FrameBudget::waitingFrames)
        .description("Decoded frames that wait for room in the queue of frames")
        .strongReference(true)
        .register(registry);
  }

  /** Exports what the open windows hold, and the bound of it. */
  void windowBytes(LongSupplier held, long most) {
    Gauge.builder("densestream.queue.bytes", held, LongSupplier::getAsLong)
        .description("Bytes held, by what they are")
        .tag("queue", "windows")
        .strongReference(true)
        .register(registry);
    Gauge.builder("densestream.queue.limit.bytes", () -> most)
        .description("Most bytes held, by what they are")
        .tag("queue", "windows")
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
  }

  void closed(ClosedWindow window) {
    registry.counter("densestream.windows", "ending", lower(window.ending())).increment();
  }

  /** Segments are done with: every frame of them is counted here once. */
  void done(FrameCounts counts) {
    frames.add(counts);
  }

  void arrived(SegmentNumbers.Arrival arrival) {
    numbers("missing", arrival.missing());
    numbers("later", arrival.later() ? 1 : 0);
    numbers("duplicate", arrival.duplicate() ? 1 : 0);
  }

  private void numbers(String what, long count) {
    registry.counter("densestream.stream.numbers", "what", what).increment((double) count);
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
