package dev.densestream.trainer.train;

import dev.densestream.answerservice.prompt.ConversationTemplate;
import dev.densestream.answerservice.tokenizer.Tokenizer;
import dev.densestream.trainer.train.config.LanguagePlan;
import dev.densestream.trainer.train.config.ModelPlan;
import dev.densestream.trainer.train.config.Shares;
import dev.densestream.trainer.train.config.Stage;
import dev.densestream.trainer.train.config.TowerPlan;
import dev.densestream.trainer.train.lesson.BatchAssembly;
import dev.densestream.trainer.train.lesson.History;
import dev.densestream.trainer.train.lesson.Labels;
import dev.densestream.trainer.train.lesson.Lesson;
import dev.densestream.trainer.train.model.ModelWriter;
import dev.densestream.trainer.train.model.ParameterTable;
import dev.densestream.trainer.train.model.TokenizerWriter;
import dev.densestream.visionpipeline.connector.ConnectorKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** The smallest model that has every part, its tokenizer, and lessons of noise. */
public final class TinyModel {
  public static final List<String> WORDS =
      List.of(
          "what", "colour", "is", "the", "circle", "small", "red", "blue", "yes", "no", "a", ".",
          "?");

  public static final TokenizerWriter TOKENIZER = new TokenizerWriter(WORDS);
  public static final int FRAMES = 3;

  /** Something of everything. */
  public static final Shares ALL = new Shares(1, 0.5, 0.5, 0.5, 0.5, 0.5, 1);

  private TinyModel() {}

  /**
   * A config of such a model.
   *
   * @param stages as JSON
   */
  public static String config(String stages) {
    return """
        {
          "name": "tiny", "seed": 1,
          "model": {
            "tower": {"side": 24, "patch": 6, "width": 8, "feedForward": 12, "heads": 2, "blocks": 23},
            "connector": "dci", "efficient": true,
            "language": {"width": 16, "feedForward": 24, "heads": 2, "keyValueHeads": 1, "layers": 2,
              "context": 512},
            "framesPerWindow": 2
          },
          "decay": 0.01, "clip": 1.0, "replicas": 2,
          "stages": [%s]
        }
        """
        .formatted(stages);
  }

  public static ModelPlan plan(ConnectorKind connector, boolean efficient) {
    return new ModelPlan(
        new TowerPlan(24, 6, 8, 12, 2, 23),
        connector,
        efficient,
        new LanguagePlan(16, 24, 2, 1, 2, 256),
        FRAMES);
  }

  public static ModelPlan plan() {
    return plan(ConnectorKind.DCI, true);
  }

  /** All parts learn, windows of as many frames as a lesson has. */
  public static Stage stage(double towerRate, boolean bfloat16, Shares shares) {
    return stage(towerRate, bfloat16, shares, Stage.Part.values());
  }

  public static Stage stage(
      double towerRate, boolean bfloat16, Shares shares, Stage.Part... learns) {
    return new Stage(
        "test",
        100,
        2,
        FRAMES,
        FRAMES,
        4,
        Map.of(),
        0,
        0,
        0,
        5e-3,
        0,
        1,
        towerRate,
        bfloat16,
        Set.of(learns),
        shares);
  }

  public static ParameterTable table(ModelPlan plan) {
    return ParameterTable.of(plan, TOKENIZER.size());
  }

  /** The caller closes it. */
  public static Tokenizer tokenizer(Path folder) throws IOException {
    TOKENIZER.write(folder);
    return Tokenizer.open(folder);
  }

  public static BatchAssembly assembly(Tokenizer tokenizer, ModelPlan plan) {
    return new BatchAssembly(
        tokenizer, ConversationTemplate.named(ModelWriter.CONVERSATION), plan.tokens());
  }

  public static Lesson lesson(ModelPlan plan, long seed, Lesson.Dialogue... dialogues) {
    Random random = new Random(seed);
    int side = plan.tower().side();
    float[] pixels = new float[FRAMES * 3 * side * side];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    int map = plan.tokenGrid() * plan.tokenGrid();
    return new Lesson(
        pixels,
        patches(random, FRAMES * plan.tower().patches()),
        labels(random, FRAMES * map * Labels.kinds().length, 3),
        labels(random, FRAMES * map * History.kinds().length, 2),
        List.of(dialogues));
  }

  private static long[] patches(Random random, int count) {
    int kinds = Labels.kinds().length;
    int each = kinds + Labels.outlineParts();
    long[] labels = labels(random, count * each, 2);
    for (int i = 0; i < labels.length; i++) {
      labels[i] += i % each < kinds ? random.nextInt(2) : 0;
    }
    return labels;
  }

  private static long[] labels(Random random, int count, int below) {
    return random.longs(count, 0, below).toArray();
  }
}
