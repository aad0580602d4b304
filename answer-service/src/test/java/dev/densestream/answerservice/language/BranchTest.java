package dev.densestream.answerservice.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.language.LanguageModel.Shown;
import dev.densestream.answerservice.tokenizer.Tokenizer;
import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorRuntime;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A branch behind rows that it shares says what one sequence of the same tokens says. */
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
class BranchTest {
  private static final Path CHECKPOINT =
      Path.of(System.getProperty("densestream.fixtures")).resolve("golden/llava-vicuna/checkpoint");
  private static final List<Integer> PROMPT = List.of(1, 17, 300, 5, 44, 210, 7, 99);
  private static final List<Integer> STEM = List.of(12, 40, 77);

  /** The control: a branch behind fewer rows says something else. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void isTheSame_aloneAndBesideOthers_whereverItsPlacesAre(int branches) {
    Checkpoint checkpoint = Checkpoint.open(CHECKPOINT);
    LanguageConfig config = LanguageConfig.of(checkpoint.config());
    try (TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(1, "cpu"));
        Tokenizer tokenizer = Tokenizer.open(checkpoint.directory());
        LanguageModel model =
            LanguageModel.load(runtime, config, checkpoint, Precision.FP32, tokenizer.length());
        KvPool pool = model.newPool(64);
        Tensor rows = model.rows(PROMPT)) {
      KvRange prompt = pool.take(PROMPT.size()).orElseThrow();
      model.prefill(rows, 0, PROMPT.size(), prompt, pool, Shown.NONE);
      KvRange own = pool.take(8).orElseThrow();
      model.step(List.of(new Stretch(prompt, own, 0, STEM)), pool).close();
      float[] expected = one(model, pool, new Stretch(prompt, own, STEM.size(), List.of(9)));

      KvRange stem = new KvRange(own.first(), STEM.size());
      KvRange behind = new KvRange(stem.end(), 1);
      KvRange elsewhere = new KvRange(pool.take(20).orElseThrow().first() + 10, 1);
      for (KvRange places : List.of(behind, elsewhere)) {
        Stretch branch = new Stretch(prompt, stem, places, STEM.size(), List.of(9));
        List<Stretch> all = List.of(branch, branch(prompt, stem, pool), branch(prompt, stem, pool));
        float[] said = model.step(all.subList(0, branches), pool).take()[0];
        assertThat(difference(said, expected)).as("at " + places).isLessThan(1e-4);
      }
      KvRange fewer = new KvRange(own.first(), 2);
      Stretch other = new Stretch(prompt, fewer, elsewhere, 2, List.of(9));
      assertThat(difference(one(model, pool, other), expected)).isGreaterThan(1e-2);
    }
  }

  private static Stretch branch(KvRange prompt, KvRange stem, KvPool pool) {
    return new Stretch(prompt, stem, pool.take(1).orElseThrow(), stem.length(), List.of(200));
  }

  private static float[] one(LanguageModel model, KvPool pool, Stretch stretch) {
    return model.step(List.of(stretch), pool).take()[0];
  }

  private static double difference(float[] some, float[] others) {
    double most = 0;
    for (int i = 0; i < some.length; i++) {
      most = Math.max(most, Math.abs(some[i] - others[i]));
    }
    return most;
  }
}
