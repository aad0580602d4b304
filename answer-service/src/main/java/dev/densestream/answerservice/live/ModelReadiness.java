package dev.densestream.answerservice.live;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.VisualContext;
import dev.densestream.framesampler.Frame;
import dev.densestream.visionpipeline.VisualTokens;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import reactor.core.publisher.Flux;

/**
 * Ready once the model has answered a warm-up question about a grey picture, so that the first
 * user's question neither fails nor waits for compilation.
 */
final class ModelReadiness implements HealthIndicator {
  private static final int SIDE = 64;
  private static final byte GREY = (byte) 128;

  private final AnswerModel model;
  private volatile boolean answered;

  ModelReadiness(AnswerModel model) {
    this.model = requireNonNull(model, "model is null");
  }

  /** Asks the warm-up question; errors when the model cannot answer it. */
  Flux<AnswerEvent> warmUp() {
    byte[] grey = new byte[3 * SIDE * SIDE];
    Arrays.fill(grey, GREY);
    return model
        .encoder()
        .encode(new Frame(0, SIDE, SIDE, grey))
        .flatMapMany(this::ask)
        .doOnNext(this::check);
  }

  private Flux<AnswerEvent> ask(VisualTokens tokens) {
    return Flux.using(
        () -> model.engine().context(List.of(tokens)),
        context ->
            model
                .engine()
                .answer(
                    context,
                    List.of(Turn.user("What is in the picture?")),
                    GenerationSettings.greedy(2)),
        VisualContext::close);
  }

  private void check(AnswerEvent event) {
    switch (event) {
      case AnswerEvent.Begun _, AnswerEvent.Token _ -> {}
      case AnswerEvent.Finished _ -> answered = true;
      case AnswerEvent.Rejected(String detail) -> throw new IllegalStateException(detail);
      case AnswerEvent.Failed(String code, String detail) ->
          throw new IllegalStateException(code + ": " + detail);
    }
  }

  @Override
  public Health health() {
    Health.Builder health = answered ? Health.up() : Health.outOfService();
    return health.withDetail("name", model.name()).withDetail("notice", model.notice()).build();
  }
}
