package dev.densestream.answerservice.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.densestream.answerservice.AnswerEvent.Finished;
import dev.densestream.answerservice.AnswerFormat;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.VisualContext;
import dev.densestream.visionpipeline.Precision;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/**
 * The engine by the program of a GPU, which runs prompts and answers in the same steps; here on a
 * processor, in plain operators where a GPU has its flash kernel.
 */
@Timeout(60)
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
class GpuProgramTest {
  private static final Duration LIMIT = Duration.ofSeconds(40);

  private static Finished finished(GoldenModel golden, VisualContext context, String run) {
    return (Finished)
        Objects.requireNonNull(
            golden
                .engine
                .answer(context, GoldenModel.question(run), GenerationSettings.greedy(24))
                .blockLast(LIMIT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"image", "image2", "video_pool", "video"})
  void answersAsTheOriginal(String run) {
    try (GoldenModel golden = GoldenModel.asOnGpu();
        VisualContext context = golden.engine.context(GoldenModel.visual(run))) {
      assertThat(finished(golden, context, run).text()).isEqualTo(GoldenModel.text(run));
    }
  }

  /** What the fixture is stored in. */
  @ParameterizedTest
  @ValueSource(strings = {"image", "image2", "video_pool", "video"})
  void answersAsTheOriginal_inFloat16(String run) {
    try (GoldenModel golden = GoldenModel.asOnGpu(Precision.FP16);
        VisualContext context = golden.engine.context(GoldenModel.visual(run))) {
      assertThat(finished(golden, context, run).text()).isEqualTo(GoldenModel.text(run));
    }
  }

  @Test
  void answersEachAsAlone_whenOthersJoinWhileTheyAnswer() {
    List<String> runs = List.of("image", "video", "image2", "image", "video_pool", "video");
    try (GoldenModel golden = GoldenModel.asOnGpu()) {
      List<String> texts =
          Flux.fromIterable(runs)
              .concatMap(run -> Flux.just(run).delayElements(Duration.ofMillis(20)))
              .flatMapSequential(run -> asked(golden, run), runs.size())
              .collectList()
              .block(LIMIT);

      assertThat(texts).isEqualTo(runs.stream().map(GoldenModel::text).toList());
      assertThat(golden.count("densestream.language.decode.tokens")).isGreaterThan(100);
      assertThat(golden.count("densestream.language.prefill.tokens")).isGreaterThan(100);
    }
  }

  private static Flux<String> asked(GoldenModel golden, String run) {
    return Flux.using(
        () -> golden.engine.context(GoldenModel.visual(run)),
        context ->
            golden
                .engine
                .answer(context, GoldenModel.question(run), GenerationSettings.greedy(24))
                .ofType(Finished.class)
                .map(Finished::text),
        VisualContext::close);
  }

  @Test
  void findsChoicesAsProbable_asOnAProcessor() {
    double exact = probability(new GoldenModel());

    assertThat(probability(GoldenModel.asOnGpu())).isCloseTo(exact, within(1e-4));
    assertThat(probability(GoldenModel.asOnGpu(Precision.FP16))).isCloseTo(exact, within(1e-2));
  }

  private static double probability(GoldenModel model) {
    GenerationSettings settings =
        new GenerationSettings(
            8,
            0,
            1,
            0,
            List.of(),
            new AnswerFormat.Choices(List.of("a red star", "no star at all")));
    try (model;
        VisualContext context = model.engine.context(GoldenModel.visual("image"))) {
      Finished end =
          (Finished)
              Objects.requireNonNull(
                  model
                      .engine
                      .answer(context, List.of(Turn.user("What is it?")), settings)
                      .blockLast(LIMIT));
      return end.verdict().orElseThrow().best().probability();
    }
  }
}
