package dev.densestream.answerservice.live;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.AnswerModel;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Alive while no call of the model takes longer than any can need. A native call cannot be
 * interrupted: who waits behind one that never returns is helped by a new process alone.
 */
final class ModelLiveness implements HealthIndicator {
  private static final Logger log = LoggerFactory.getLogger(ModelLiveness.class);

  private final AnswerModel model;
  private final Duration limit;
  private final AtomicBoolean told = new AtomicBoolean();

  ModelLiveness(AnswerModel model, Duration limit, MeterRegistry registry) {
    this.model = requireNonNull(model, "model is null");
    this.limit = requireNonNull(limit, "limit is null");
    Gauge.builder("densestream.model.call.seconds", () -> model.computing().toMillis() / 1e3)
        .register(registry);
  }

  @Override
  public Health health() {
    Duration computing = model.computing();
    boolean stuck = computing.compareTo(limit) > 0;
    if (!stuck) {
      told.set(false);
    } else if (told.compareAndSet(false, true)) {
      log.error(
          "one call of the model has taken {} s, more than densestream.model.call-limit: this"
              + " process needs to be started again",
          computing.toSeconds());
    }
    Health.Builder health = stuck ? Health.down() : Health.up();
    return health.withDetail("callSeconds", computing.toSeconds()).build();
  }
}
