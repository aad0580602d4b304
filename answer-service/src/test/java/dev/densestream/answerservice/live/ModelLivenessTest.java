package dev.densestream.answerservice.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.AnswerEngine;
import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.VisualContext;
import dev.densestream.framesampler.Frame;
import dev.densestream.visionpipeline.FrameView;
import dev.densestream.visionpipeline.VisionEncoder;
import dev.densestream.visionpipeline.VisualTokens;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A process whose model never returns is not alive, whichever half it is. */
class ModelLivenessTest {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Half encoder = new Half();
  private final Half engine = new Half();
  private final ModelLiveness liveness =
      new ModelLiveness(new AnswerModel("stuck", "", encoder, engine, 1), LIMIT, registry);

  /** Half a model, in a call for as long as a test says. */
  private static final class Half implements VisionEncoder, AnswerEngine {
    Duration computing = Duration.ZERO;

    @Override
    public Duration computing() {
      return computing;
    }

    @Override
    public Mono<VisualTokens> encode(Frame frame, FrameView view) {
      return Mono.never();
    }

    @Override
    public int tokensPerFrame() {
      return 1;
    }

    @Override
    public int leastStillTokens() {
      return 1;
    }

    @Override
    public int channels() {
      return 1;
    }

    @Override
    public VisualContext context(List<VisualTokens> frames) {
      throw new UnsupportedOperationException("nobody is asked");
    }

    @Override
    public Flux<AnswerEvent> answer(
        VisualContext context, List<Turn> turns, GenerationSettings settings) {
      return Flux.never();
    }

    @Override
    public void close() {}
  }

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
