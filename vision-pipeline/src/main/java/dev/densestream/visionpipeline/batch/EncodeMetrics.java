package dev.densestream.visionpipeline.batch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;

/** Frames subscribed = encoded + failed + cancelled + rejected + still waiting. */
final class EncodeMetrics {
  private final DistributionSummary batchSize;
  private final Timer time;
  private final Timer wait;
  private final Counter encoded;
  private final Counter failed;
  private final Counter cancelled;
  private final Counter rejected;

  EncodeMetrics(MeterRegistry registry, FrameQueue queue) {
    this.batchSize =
        DistributionSummary.builder("densestream.encode.batch")
            .description("Frames in one encoder call")
            .register(registry);
    this.time =
        Timer.builder("densestream.encode.time")
            .description("One encoder call, preprocessing to tokens")
            .register(registry);
    this.wait =
        Timer.builder("densestream.encode.wait")
            .description("A frame's time in the queue")
            .register(registry);
    Gauge.builder("densestream.encode.queue.bytes", queue, FrameQueue::bytes)
        .description("Pixel bytes waiting for the encoder")
        .register(registry);
    this.encoded = frames(registry, "encoded");
    this.failed = frames(registry, "failed");
    this.cancelled = frames(registry, "cancelled");
    this.rejected = frames(registry, "rejected");
  }

  private static Counter frames(MeterRegistry registry, String outcome) {
    return Counter.builder("densestream.encode.frames")
        .description("Frames that asked to be encoded, by what became of them")
        .tag("outcome", outcome)
        .register(registry);
  }

  void starting(List<Waiting> batch) {
    long now = System.nanoTime();
    batchSize.record(batch.size());
    batch.forEach(frame -> wait.record(Duration.ofNanos(now - frame.sinceNanos())));
  }

  void encoded(int frames, long sinceNanos) {
    time.record(Duration.ofNanos(System.nanoTime() - sinceNanos));
    encoded.increment(frames);
  }

  void failed(int frames) {
    failed.increment(frames);
  }

  void cancelled() {
    cancelled.increment();
  }

  void rejected() {
    rejected.increment();
  }
}
