package dev.densestream.answerservice.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.AnswerModel;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/** A process whose model never returns is not alive, whichever half it is. */
class ModelLivenessTest {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final SilentModel encoder = new SilentModel();
  private final SilentModel engine = new SilentModel();
  private final ModelLiveness liveness =
      new ModelLiveness(new AnswerModel("stuck", "", encoder, engine, 1), LIMIT, registry);

  private Status status() {
    return liveness.health().getStatus();
  }

  @Test
  void isUp_whileCallsTakeNoLongerThanTheLimit() {
    assertThat(status()).isEqualTo(Status.UP);
    encoder.computing = LIMIT;
    engine.computing = LIMIT;
    assertThat(status()).isEqualTo(Status.UP);
  }

  @Test
  void isDown_whileEitherHalfHasNotReturned_andTellsSinceWhen() {
    encoder.computing = LIMIT.plusSeconds(2);
    Health health = liveness.health();
    assertThat(health.getStatus()).isEqualTo(Status.DOWN);
    assertThat(health.getDetails()).containsEntry("callSeconds", 602L);
    assertThat(registry.get("densestream.model.call.seconds").gauge().value()).isEqualTo(602);

    encoder.computing = Duration.ZERO;
    engine.computing = LIMIT.plusSeconds(1);
    assertThat(status()).isEqualTo(Status.DOWN);
    engine.computing = Duration.ofMillis(3);
    assertThat(status()).isEqualTo(Status.UP);
  }
}
