package dev.densestream.trainer.train.clips;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.answerservice.language.KvPool;
import dev.densestream.answerservice.language.LanguageConfig;
import dev.densestream.answerservice.language.LanguageModel;
import dev.densestream.answerservice.tokenizer.Tokenizer;
import dev.densestream.framesampler.Frame;
import dev.densestream.trainer.train.TinyModel;
import dev.densestream.trainer.train.config.ModelPlan;
import dev.densestream.trainer.train.model.ModelWriter;
import dev.densestream.trainer.train.model.Parameter;
import dev.densestream.trainer.train.model.ParameterTable;
import dev.densestream.trainer.train.program.ProjectorTrainee;
import dev.densestream.trainer.train.run.TrainingRun;
import dev.densestream.trainer.video.Clips;
import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.TokenReduction;
import dev.densestream.visionpipeline.VisionEncoder;
import dev.densestream.visionpipeline.VisionModel;
import dev.densestream.visionpipeline.VisionSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A tiny model with random weights, and clips of one colour each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClipTrainingRunIT {
  private static final int CLIPS = 16;
  private static final int HELD_OUT = 4;
  private static final float TOLERANCE = 1e-4f;
  private static final ModelPlan PLAN = TinyModel.plan();

  @SuppressWarnings("NullAway.Init") // set before all tests
  private Path folder;

  private StringWriter said = new StringWriter();

  @SuppressWarnings("NullAway.Init") // set before each test
  private TensorRuntime runtime;

  @BeforeAll
  void files(@TempDir Path temporary) throws Exception {
    folder = temporary;
    Path model = Files.createDirectories(folder.resolve("source"));
    ParameterTable table = TinyModel.table(PLAN);
    Map<String, float[]> values = new LinkedHashMap<>();
    table.all().forEach(p -> values.put(p.key(), loud(p)));
    new ModelWriter("tiny", "for tests", PLAN, table, TinyModel.TOKENIZER)
        .write(model, values, false);
    for (int i = 0; i < CLIPS; i++) {
      Clips.ofOneTone(folder.resolve("clip-" + i + ".mp4"), i % 2 == 0 ? 0xd02020 : 0x2030d0, i);
    }
  }

  /** A head that can tell words apart, so that there is something to learn. */
  private static float[] loud(Parameter parameter) {
    float[] values = parameter.initial(7);
    for (int i = 0; i < values.length && parameter.key().equals("lm_head.weight"); i++) {
      values[i] *= 60;
    }
    return values;
  }

  @BeforeEach
  void open() {
    said = new StringWriter();
    runtime = TensorRuntime.open(new RuntimeSettings(1, "cpu"));
  }

  @AfterEach
  void close() {
    assertThat(runtime.liveHandles()).isZero();
    runtime.close();
  }

  private static String line(int clip, String colour) {
    return "{\"video\": \"clip-%d.mp4\", \"caption\": \"%s\"}".formatted(clip, colour);
  }

  private Path lines(String name, boolean shuffled) throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < CLIPS; i++) {
      // Those held out tell the truth in either file.
      int told = shuffled && i < CLIPS - HELD_OUT ? Math.floorDiv(i, 2) : i;
      boolean red = told % 2 == 0;
      lines.add(line(i, red ? "red" : "blue"));
    }
    return Files.write(folder.resolve(name), lines);
  }

  private ClipTraining training(Path lines) {
    return new ClipTraining(
        folder.resolve("source"),
        List.of(),
        lines,
        folder,
        Optional.empty(),
        false,
        Optional.of(2),
        Optional.empty(),
        16,
        4,
        2e-2,
        HELD_OUT,
        3);
  }

  private ClipTrainingRun run(ClipTraining training, String name, int steps, boolean resume) {
    TrainingRun.Settings settings = new TrainingRun.Settings(steps, Duration.ofHours(1), 0, 6);
    return new ClipTrainingRun(
        training, folder.resolve(name), resume, settings, runtime, new PrintWriter(said, true));
  }

  @Test
  void learnsFromTrueAnswers_whatShuffledOnesDoNotTell() throws Exception {
    double before;
    double after;
    double shuffled;
    try (ClipTrainingRun run = run(training(lines("true.jsonl", false)), "true", 1000, false)) {
      before = run.heldOutLoss();
      assertThat(run.run()).isTrue();
      after = run.heldOutLoss();
    }
    try (ClipTrainingRun run = run(training(lines("false.jsonl", true)), "false", 1000, false)) {
      run.run();
      shuffled = run.heldOutLoss();
    }
    assertThat(after).isLessThan(before / 2);
    assertThat(after).as("control").isLessThan(0.75 * shuffled);
    assertThat(said.toString()).contains("projector 6/48 loss ").contains("held out loss");
    assertOnlyTheProjectorChanged(folder.resolve("true/model"));
  }

  private void assertOnlyTheProjectorChanged(Path tuned) throws Exception {
    Path source = folder.resolve("source");
    Path weights = source.resolve("model.safetensors");
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (file.equals(weights)) {
          continue;
        }
        Path same = tuned.resolve(source.relativize(file).toString());
        assertThat(Files.mismatch(file, same)).as(same.toString()).isEqualTo(-1);
      }
    }
    Checkpoint before = Checkpoint.open(source);
    Checkpoint after = Checkpoint.open(tuned);
    assertThat(after.keys()).isEqualTo(before.keys());
    for (String key : before.keys()) {
      boolean learnt = key.startsWith("model.mm_projector.");
      assertThat(values(after, key).equals(values(before, key))).as(key).isNotEqualTo(learnt);
    }
  }

  private List<Float> values(Checkpoint checkpoint, String key) {
    try (Tensor tensor = checkpoint.tensor(runtime, key, Precision.FP32)) {
      List<Float> values = new ArrayList<>();
      for (float value : tensor.toFloats()) {
        values.add(value);
      }
      return values;
    }
  }

  @Test
  void endsWithTheSameProjector_whereverItWasInterrupted() throws Exception {
    ClipTraining training = training(lines("resumed.jsonl", false));
    try (ClipTrainingRun run = run(training, "whole", 6, false)) {
      run.run();
    }
    for (int steps : new int[] {1, 3, 2}) {
      try (ClipTrainingRun run = run(training, "parts", steps, steps != 1)) {
        assertThat(run.run()).isFalse();
      }
    }
    String weights = "model/model.safetensors";
    assertThat(
            Files.mismatch(
                folder.resolve("whole").resolve(weights), folder.resolve("parts").resolve(weights)))
        .isEqualTo(-1);
    ClipTraining other = training(lines("resumed.jsonl", true));
    assertThatThrownBy(() -> run(other, "parts", 1, true)).hasMessageContaining("another config");
  }

  @Test
  void leavesOutAVideoThatCannotBeDecoded_andSaysItsLine() throws Exception {
    Files.writeString(folder.resolve("broken.mp4"), "no video at all, only words");
    Path lines =
        Files.write(
            folder.resolve("broken.jsonl"),
            List.of(
                line(0, "red"),
                "{\"video\": \"broken.mp4\", \"question\": \"What is it?\", \"answer\": \"a"
                    + " circle.\"}"));
    ClipTraining asked = training(lines);
    ClipTraining training =
        new ClipTraining(
            asked.model(),
            List.of(),
            lines,
            folder,
            Optional.of("What is it?"),
            true,
            Optional.of(1),
            Optional.empty(),
            2,
            2,
            1e-3,
            0,
            1);
    assertThatThrownBy(() -> run(asked, "mixed", 1, false)).hasMessageContaining("no lines left");
    try (ClipTrainingRun run = run(training, "broken", 10, false)) {
      assertThat(run.run()).isTrue();
      assertThat(run.unusable()).isEqualTo(1);
    }
    assertThat(said.toString()).containsOnlyOnce("left out: line 2, ").contains("broken.mp4");
  }

  @Test
  void refusesALanguageModelItCannotRun() throws Exception {
    Path phi = folder.resolve("phi");
    new TunedModel(phi, Checkpoint.open(folder.resolve("source")), List.of())
        .take(Optional.empty());
    Path config = phi.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("llava_llama", "llava_phi"));
    ClipTraining of = training(lines("phi.jsonl", false));
    ClipTraining training =
        new ClipTraining(
            phi,
            List.of(),
            of.clips(),
            folder,
            Optional.empty(),
            false,
            Optional.of(1),
            Optional.empty(),
            1,
            1,
            1e-3,
            0,
            1);
    assertThatThrownBy(() -> run(training, "none", 1, false)).hasMessageContaining("phi");
  }

  /** Tokens through the served encoder, and logits of the served language model. */
  @Test
  void servesWhatWasTrained() throws Exception {
    ClipTraining training = training(lines("served.jsonl", false));
    try (ClipTrainingRun run = run(training, "served", 5, false)) {
      run.run();
    }
    Path tuned = folder.resolve("served/model");
    Path source = folder.resolve("source");
    List<Frame> frames = Clips.frames(folder.resolve("clip-1.mp4"), 2);
    float[] trained = trained(tuned, frames);
    assertThat(largest(trained, served(tuned, frames))).isLessThan(TOLERANCE);
    assertThat(largest(trained, served(source, frames))).as("control").isGreaterThan(0.01f);
  }

  private float[] trained(Path directory, List<Frame> frames) {
    ClipTraining training =
        new ClipTraining(
            directory,
            List.of(),
            folder.resolve("served.jsonl"),
            folder,
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty(),
            1,
            1,
            1,
            0,
            1);
    try (OpenedModel model = new OpenedModel(training, runtime);
        ProjectorTrainee trainee = model.trainee(model::stored)) {
      ToldText.Ids ids = model.text().asked("What colour is the circle?", "red");
      return trainee.logits(
          new ProjectorTrainee.Example(frames, ids.before(), ids.behind(), ids.targets()));
    }
  }

  private float[] served(Path directory, List<Frame> frames) {
    VisionSettings settings = VisionSettings.defaults().withReduction(TokenReduction.EFFICIENT);
    Checkpoint checkpoint = Checkpoint.open(directory);
    LanguageConfig config = LanguageConfig.of(checkpoint.config());
    try (Tokenizer tokenizer = Tokenizer.open(directory);
        VisionEncoder encoder = VisionModel.load(runtime, directory, settings);
        LanguageModel model =
            LanguageModel.load(runtime, config, checkpoint, Precision.FP32, tokenizer.length())) {
      List<Float> tokens = new ArrayList<>();
      for (Frame frame : frames) {
        for (float value : requireNonNull(encoder.encode(frame).block()).values()) {
          tokens.add(value);
        }
      }
      float[] visual = new float[tokens.size()];
      for (int i = 0; i < visual.length; i++) {
        visual[i] = tokens.get(i);
      }
      ToldText text =
          new ToldText(
              tokenizer,
              dev.densestream.answerservice.prompt.ConversationTemplate.named(
                  ModelWriter.CONVERSATION));
      ToldText.Ids ids = text.asked("What colour is the circle?", "red");
      return last(model, ids, visual);
    }
  }

  /** Of the last picture and what is behind it. */
  private static float[] last(LanguageModel model, ToldText.Ids ids, float[] visual) {
    List<Integer> before = ids(ids.before());
    List<Integer> behind = ids(ids.behind());
    try (Tensor rows = model.rows(before, visual, behind)) {
      int count = (int) rows.shape()[0];
      try (KvPool pool = model.newPool(count)) {
        float[] all =
            model.prefill(
                rows, 0, count, pool.take(count).orElseThrow(), pool, LanguageModel.Shown.ALL);
        int each = all.length / count;
        return java.util.Arrays.copyOfRange(all, (count - behind.size() - 1) * each, all.length);
      }
    }
  }

  private static List<Integer> ids(long[] ids) {
    return java.util.Arrays.stream(ids).mapToInt(Math::toIntExact).boxed().toList();
  }

  private static float largest(float[] a, float[] b) {
    assertThat(a).hasSameSizeAs(b);
    float most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    return most;
  }
}
