package dev.densestream.trainer.train.program;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.language.KvPool;
import dev.densestream.answerservice.language.LanguageConfig;
import dev.densestream.answerservice.language.LanguageModel;
import dev.densestream.answerservice.prompt.ConversationTemplate;
import dev.densestream.answerservice.prompt.ImagePrompt;
import dev.densestream.answerservice.tokenizer.Tokenizer;
import dev.densestream.framesampler.Frame;
import dev.densestream.trainer.train.TinyModel;
import dev.densestream.trainer.train.config.ModelPlan;
import dev.densestream.trainer.train.lesson.Batch;
import dev.densestream.trainer.train.lesson.Lesson;
import dev.densestream.trainer.train.model.ModelWriter;
import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.TokenReduction;
import dev.densestream.visionpipeline.VisionEncoder;
import dev.densestream.visionpipeline.VisionModel;
import dev.densestream.visionpipeline.VisionSettings;
import dev.densestream.visionpipeline.connector.ConnectorKind;
import dev.densestream.visionpipeline.preprocess.FramePreparation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What was trained is what is served: the same tokens, the same logits. */
class ServedModelTest {
  private static final float TOLERANCE = 1e-4f;
  private static final String QUESTION = "What colour is the circle?";
  private static final String ANSWER = "Red";

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(ConnectorKind.class)
  void servesWhatWasTrained(ConnectorKind connector) throws Exception {
    boolean efficient = connector == ConnectorKind.DCI;
    ModelPlan plan = TinyModel.plan(connector, efficient);
    List<Frame> frames = frames(plan.tower().side());
    try (TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(1, "cpu"));
        Trainee trainee =
            new Trainee(
                runtime, plan, TinyModel.table(plan), parameter -> parameter.initial(3), 1)) {
      new ModelWriter("tiny", "for tests", plan, trainee.table(), TinyModel.TOKENIZER)
          .write(directory, trainee.values(), false);
      float[] tokens = servedTokens(runtime, efficient, frames);
      assertClose(trainee.visualTokens(pixels(plan, frames), frames.size()), tokens);
      try (Tokenizer tokenizer = Tokenizer.open(directory)) {
        float[] trained = trainee.windowLogits(batch(plan, tokenizer, frames));
        assertClose(trained, servedLogits(runtime, tokenizer, tokens, QUESTION));
        float[] other = servedLogits(runtime, tokenizer, tokens, "What colour is the a?");
        assertThat(largest(trained, other)).as("control").isGreaterThan(100 * TOLERANCE);
      }
    }
  }

  private static List<Frame> frames(int side) {
    Random random = new Random(9);
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < TinyModel.FRAMES; i++) {
      byte[] rgb = new byte[side * side * 3];
      random.nextBytes(rgb);
      frames.add(new Frame(i * 1_000_000L, side, side, rgb));
    }
    return frames;
  }

  private static float[] pixels(ModelPlan plan, List<Frame> frames) {
    FramePreparation preparation = FramePreparation.clip(plan.tower().side(), true);
    float[] pixels = new float[frames.size() * preparation.pixelValues()];
    for (int i = 0; i < frames.size(); i++) {
      preparation.prepare(frames.get(i), pixels, i * preparation.pixelValues());
    }
    return pixels;
  }

  private static Batch batch(ModelPlan plan, Tokenizer tokenizer, List<Frame> frames) {
    Lesson noise = TinyModel.lesson(plan, 1);
    Lesson lesson =
        new Lesson(
            pixels(plan, frames),
            noise.patches(),
            noise.tokens(),
            noise.history(),
            List.of(new Lesson.Dialogue(QUESTION, ANSWER, "colour")));
    return TinyModel.assembly(tokenizer, plan).join(List.of(lesson), frames.size());
  }

  private float[] servedTokens(TensorRuntime runtime, boolean efficient, List<Frame> frames) {
    VisionSettings settings =
        VisionSettings.defaults()
            .withReduction(efficient ? TokenReduction.EFFICIENT : TokenReduction.NONE);
    try (VisionEncoder encoder = VisionModel.load(runtime, directory, settings)) {
      List<float[]> parts = new ArrayList<>();
      for (Frame frame : frames) {
        parts.add(requireNonNull(encoder.encode(frame).block()).values());
      }
      return joined(parts);
    }
  }

  private float[] servedLogits(
      TensorRuntime runtime, Tokenizer tokenizer, float[] tokens, String question) {
    Checkpoint checkpoint = Checkpoint.open(directory);
    String prompt =
        ConversationTemplate.named(ModelWriter.CONVERSATION)
            .prompt(List.of(new Turn(Turn.Role.USER, question)), true);
    ImagePrompt ids = ImagePrompt.of(tokenizer, prompt);
    List<Integer> behind = new ArrayList<>(ids.stretches().getLast());
    behind.addAll(tokenizer.encode(" " + ANSWER, false));
    try (LanguageModel model =
            LanguageModel.load(
                runtime,
                LanguageConfig.of(checkpoint.config()),
                checkpoint,
                Precision.FP32,
                tokenizer.length());
        Tensor rows = model.rows(ids.stretches().getFirst(), tokens, behind)) {
      int count = (int) rows.shape()[0];
      try (KvPool pool = model.newPool(count)) {
        return model.prefill(
            rows, 0, count, pool.take(count).orElseThrow(), pool, LanguageModel.Shown.ALL);
      }
    }
  }

  private static float[] joined(List<float[]> parts) {
    float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    assertThat(largest(actual, expected)).isLessThanOrEqualTo(TOLERANCE);
  }

  private static float largest(float[] a, float[] b) {
    float most = 0;
    for (int i = 0; i < Math.min(a.length, b.length); i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    return most;
  }
}
