package dev.densestream.ingest.topic;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Asks for the group's lag now and then, so that reading the gauge never waits for Kafka. */
final class LagGauge implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LagGauge.class);
  private static final int SECONDS = 5;

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("segment-lag").factory());
  private volatile double records = Double.NaN;

  LagGauge(Supplier<Mono<Long>> lag, MeterRegistry meters) {
    Gauge.builder("densestream.ingest.lag", this, gauge -> gauge.records)
        .baseUnit("records")
        .description("segments not yet settled by the group; not a number while Kafka is silent")
        .register(meters);
    var _ = clock.scheduleWithFixedDelay(() -> ask(lag), SECONDS, SECONDS, TimeUnit.SECONDS);
  }

  private void ask(Supplier<Mono<Long>> lag) {
    var _ =
        lag.get()
            .toFuture()
            .whenComplete(
                (found, failure) -> {
                  records = found == null ? Double.NaN : found;
                  if (failure != null) {
                    LOG.debug("lag is not known", failure);
                  }
                });
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
