package dev.densestream.trainer.train.program;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.densestream.trainer.train.TinyModel;
import dev.densestream.trainer.train.TinyRuntime;
import dev.densestream.trainer.train.config.ModelPlan;
import dev.densestream.trainer.train.config.Shares;
import dev.densestream.trainer.train.config.Stage;
import dev.densestream.trainer.train.config.Stage.Part;
import dev.densestream.trainer.train.lesson.Batch;
import dev.densestream.trainer.train.lesson.Labels;
import dev.densestream.trainer.train.lesson.Lesson;
import dev.densestream.trainer.train.lesson.Lesson.Dialogue;
import dev.densestream.trainer.train.lesson.Lesson.Mention;
import dev.densestream.trainer.train.model.Parameter;
import dev.densestream.trainer.train.model.ParameterTable;
import dev.densestream.visionpipeline.connector.ConnectorKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TraineeTest {
  private static final Dialogue COLOUR =
      new Dialogue("What colour is the circle?", "Red", "colour");
  private static final Dialogue PRESENCE =
      new Dialogue("Is the circle blue?", "No", "presence", List.of(new Mention("the circle", 2)));

  @AutoClose private static TinyRuntime tiny;

  @BeforeAll
  static void open(@TempDir Path folder) throws Exception {
    tiny = TinyRuntime.open(folder);
  }

  private static Stage stage(Part... learns) {
    return TinyModel.stage(1, false, TinyModel.ALL, learns);
  }

  private static Trainee trainee(ModelPlan plan, Function<Parameter, float[]> values) {
    return new Trainee(tiny.runtime(), plan, TinyModel.table(plan), values, 1);
  }

  private static Trainee trainee(ModelPlan plan) {
    return trainee(plan, parameter -> parameter.initial(7));
  }

  private static Batch batch(ModelPlan plan) {
    Lesson first = TinyModel.lesson(plan, 1, COLOUR, PRESENCE);
    Lesson second = TinyModel.lesson(plan, 2, PRESENCE);
    return TinyModel.assembly(tiny.tokenizer(), plan)
        .join(List.of(first, second), TinyModel.FRAMES);
  }

  @Test
  void learnsABatchByHeart() {
    ModelPlan plan = TinyModel.plan();
    Batch batch = batch(plan);
    try (Trainee trainee = trainee(plan)) {
      trainee.begin(stage(Part.values()));
      float before = trainee.learn(List.of(batch), TinyModel.ALL)[0];
      for (int step = 1; step <= 60; step++) {
        trainee.update(step, 5e-3, 0, 1);
        trainee.learn(List.of(batch), TinyModel.ALL);
      }
      float[] after = trainee.measure(batch, TinyModel.ALL).losses();
      assertThat(after[0]).isLessThan(before * 0.6f);
      assertThat(after[1]).as("words").isLessThan(0.5f);
    }
  }

  /** The control: what falls above falls because the gradient is followed. */
  @Test
  void lossStays_whenGradientsAreNotFollowed() {
    ModelPlan plan = TinyModel.plan();
    Batch batch = batch(plan);
    try (Trainee trainee = trainee(plan)) {
      trainee.begin(stage(Part.values()));
      float before = trainee.learn(List.of(batch), TinyModel.ALL)[0];
      for (int step = 1; step <= 5; step++) {
        assertThat(trainee.learn(List.of(batch), TinyModel.ALL)[0]).isEqualTo(before);
      }
    }
  }

  /** Muon's step: it stretches nothing, but for what five iterations leave. */
  @Test
  void movesMatricesBetweenLayersByTurns_andOthersNot() {
    ModelPlan plan = TinyModel.plan();
    try (Trainee trainee = trainee(plan)) {
      trainee.begin(stage(Part.values()));
      trainee.learn(List.of(batch(plan)), TinyModel.ALL);
      Map<String, float[]> before = trainee.values();
      trainee.update(1, 1e-2, 0, 1);
      Map<String, float[]> after = trainee.values();

      assertThat(evenness("model.mm_projector.2.weight", trainee, before, after))
          .isBetween(0.5, 1.0);
      assertThat(evenness("lm_head.weight", trainee, before, after)).isLessThan(0.4);
    }
  }

  /**
   * Of a step's singular values s: (sum of s^2)^2 / (n sum of s^4), which is 1 where all are equal
   * and 1 / n where there is one.
   */
  private static double evenness(
      String key, Trainee trainee, Map<String, float[]> before, Map<String, float[]> after) {
    long[] shape =
        trainee.table().all().filter(p -> p.key().equals(key)).findFirst().orElseThrow().shape();
    int rows = (int) shape[0];
    int columns = (int) shape[1];
    float[] from = requireNonNull(before.get(key));
    float[] to = requireNonNull(after.get(key));
    double squares = 0;
    double fourths = 0;
    for (int i = 0; i < columns; i++) {
      for (int j = 0; j < columns; j++) {
        double product = 0;
        for (int row = 0; row < rows; row++) {
          int a = row * columns + i;
          int b = row * columns + j;
          product += (to[a] - from[a]) * (double) (to[b] - from[b]);
        }
        squares += i == j ? product : 0;
        fourths += product * product;
      }
    }
    return squares * squares / (Math.min(rows, columns) * fourths);
  }

  @ParameterizedTest
  @EnumSource(ConnectorKind.class)
  void gradientsAreWhatFiniteDifferencesShow(ConnectorKind connector) {
    ModelPlan plan = TinyModel.plan(connector, connector != ConnectorKind.STI);
    ParameterTable table = TinyModel.table(plan);
    Batch batch = batch(plan);
    Map<String, float[]> gradients = gradients(plan, batch);
    for (List<Parameter> part : parts(table)) {
      double told = length(part, gradients);
      double seen = slope(plan, batch, part, gradients, told);
      assertThat(seen / told).as(part.getFirst().key()).isBetween(0.97, 1.03);
    }
  }

  /** The control: the difference along one part's gradient does not fit another part's. */
  @Test
  void differencesTellPartsApart() {
    ModelPlan plan = TinyModel.plan();
    Batch batch = batch(plan);
    Map<String, float[]> gradients = gradients(plan, batch);
    List<List<Parameter>> parts = parts(TinyModel.table(plan));
    double told = length(parts.get(2), gradients);
    double other = length(parts.get(4), gradients);
    double seen = slope(plan, batch, parts.get(4), gradients, other);
    assertThat(Math.abs(seen / told - 1)).isGreaterThan(0.03);
  }

  @Test
  void replicasLearnTheMeanOfTheirBatches() {
    ModelPlan plan = TinyModel.plan();
    Batch one = single(plan, 1);
    Batch other = single(plan, 2);
    Map<String, float[]> ofOne = gradients(plan, one);
    Map<String, float[]> ofOther = gradients(plan, other);
    try (Trainee trainee =
        new Trainee(tiny.runtime(), plan, TinyModel.table(plan), p -> p.initial(7), 2)) {
      trainee.begin(stage(Part.values()));
      trainee.learn(List.of(one, other), TinyModel.ALL);
      Map<String, float[]> ofBoth = trainee.gradients();
      assertThat(offMean(ofBoth, ofOne, ofOther)).isLessThan(1e-4);
      // The control: it is the mean of these two and no others.
      assertThat(offMean(ofBoth, ofOne, ofOne)).isGreaterThan(1e-2);
      trainee.update(1, 1e-2, 0, 1);
      assertThat(longest(trainee.gradients())).as("forgotten by both").isZero();
      trainee.learn(List.of(one, one), TinyModel.ALL);
      float moved = trainee.learn(List.of(one, one), TinyModel.ALL)[0];
      assertThat(trainee.measure(one, TinyModel.ALL).losses()[0]).isCloseTo(moved, within(1e-3f));
    }
  }

  private static Batch single(ModelPlan plan, long seed) {
    Lesson lesson = TinyModel.lesson(plan, seed, COLOUR);
    return TinyModel.assembly(tiny.tokenizer(), plan).join(List.of(lesson), TinyModel.FRAMES);
  }

  /** Of the longest gradient. */
  private static double offMean(
      Map<String, float[]> mean, Map<String, float[]> one, Map<String, float[]> other) {
    double most = 0;
    for (Map.Entry<String, float[]> entry : mean.entrySet()) {
      float[] first = of(one, entry.getKey());
      float[] second = of(other, entry.getKey());
      for (int i = 0; i < first.length; i++) {
        most = Math.max(most, Math.abs(entry.getValue()[i] - (first[i] + second[i]) / 2));
      }
    }
    return most / longest(mean);
  }

  private static double longest(Map<String, float[]> gradients) {
    double most = 0;
    for (float[] values : gradients.values()) {
      for (float value : values) {
        most = Math.max(most, Math.abs(value));
      }
    }
    return most;
  }

  private static List<List<Parameter>> parts(ParameterTable table) {
    return List.of(table.stem(), table.blocks(), table.projector(), table.heads(), table.words());
  }

  private static Map<String, float[]> gradients(ModelPlan plan, Batch batch) {
    try (Trainee trainee = trainee(plan)) {
      trainee.begin(stage(Part.values()));
      trainee.learn(List.of(batch), TinyModel.ALL);
      return trainee.gradients();
    }
  }

  private static float[] of(Map<String, float[]> values, String key) {
    float[] own = values.get(key);
    assertThat(own).as(key).isNotNull();
    return own;
  }

  private static double length(List<Parameter> part, Map<String, float[]> gradients) {
    double sum = 0;
    for (Parameter parameter : part) {
      for (float value : of(gradients, parameter.key())) {
        sum += (double) value * value;
      }
    }
    return Math.sqrt(sum);
  }

  /** How much the loss grows along the part's gradient. */
  private static double slope(
      ModelPlan plan,
      Batch batch,
      List<Parameter> part,
      Map<String, float[]> gradients,
      double length) {
    double step = 4e-3;
    double up = loss(plan, batch, part, gradients, step / length);
    double down = loss(plan, batch, part, gradients, -step / length);
    return (up - down) / (2 * step);
  }

  private static double loss(
      ModelPlan plan,
      Batch batch,
      List<Parameter> part,
      Map<String, float[]> gradients,
      double times) {
    Set<String> moved = part.stream().map(Parameter::key).collect(Collectors.toSet());
    Function<Parameter, float[]> values =
        p -> moved.contains(p.key()) ? moved(p, gradients, times) : p.initial(7);
    try (Trainee trainee = trainee(plan, values)) {
      return trainee.measure(batch, TinyModel.ALL).losses()[0];
    }
  }

  private static float[] moved(Parameter parameter, Map<String, float[]> gradients, double times) {
    float[] values = parameter.initial(7);
    float[] gradient = of(gradients, parameter.key());
    for (int i = 0; i < values.length; i++) {
      values[i] += (float) (times * gradient[i]);
    }
    return values;
  }

  @Test
  void changesOnlyWhatAStageLearns() {
    ModelPlan plan = TinyModel.plan();
    try (Trainee trainee = trainee(plan)) {
      Map<String, float[]> before = trainee.values();
      trainee.begin(stage(Part.PROJECTOR));
      trainee.learn(List.of(batch(plan)), TinyModel.ALL);
      trainee.update(1, 1e-2, 0, 1);
      Map<String, float[]> after = trainee.values();
      assertThat(changed(trainee.table().projector().stream(), before, after)).isTrue();
      assertThat(changed(trainee.table().ofTower(), before, after)).isFalse();
      assertThat(changed(trainee.table().words().stream(), before, after)).isFalse();
    }
  }

  private static boolean changed(
      Stream<Parameter> parameters, Map<String, float[]> before, Map<String, float[]> after) {
    return parameters.anyMatch(
        p -> !java.util.Arrays.equals(of(before, p.key()), of(after, p.key())));
  }

  /** A window of one frame has no motion, and one in which nothing can be named no question. */
  @Test
  void learnsFromWhatIsThere_whenThereIsNothingToTell() {
    ModelPlan plan = TinyModel.plan();
    Lesson noise = TinyModel.lesson(plan, 1);
    long[] unknown = new long[noise.history().length];
    java.util.Arrays.fill(unknown, Labels.NONE);
    Lesson lesson = new Lesson(noise.pixels(), noise.patches(), noise.tokens(), unknown, List.of());
    Batch batch =
        TinyModel.assembly(tiny.tokenizer(), plan).join(List.of(lesson), TinyModel.FRAMES);
    try (Trainee trainee = trainee(plan)) {
      trainee.begin(stage(Part.values()));
      float[] losses = trainee.learn(List.of(batch), TinyModel.ALL);
      assertThat(losses[0]).isPositive();
      assertThat(losses[1]).isZero();
      assertThat(losses[4]).isZero();
      assertThat(trainee.update(1, 1e-3, 0, 1)).isPositive();
    }
  }

  /** The loss of pointing is the same for either size, unless a word says one. */
  @Test
  void wordsForSizesPointAtWhatHasThem() {
    ModelPlan plan = TinyModel.plan();
    Dialogue sized = new Dialogue("Is the small circle red?", "No", "colour");
    Dialogue unsized = new Dialogue("Is the circle red?", "No", "colour");
    try (Trainee trainee = trainee(plan)) {
      assertThat(pointing(trainee, plan, sized, 1)).isNotEqualTo(pointing(trainee, plan, sized, 2));
      assertThat(pointing(trainee, plan, unsized, 1))
          .isEqualTo(pointing(trainee, plan, unsized, 2));
    }
  }

  /** Where all that is shown is of one size. */
  private static float pointing(Trainee trainee, ModelPlan plan, Dialogue asked, long size) {
    Lesson noise = TinyModel.lesson(plan, 1, asked);
    long[] tokens = noise.tokens().clone();
    for (int at = Labels.names().indexOf("size"); at < tokens.length; at += Labels.names().size()) {
      tokens[at] = size;
    }
    Lesson lesson =
        new Lesson(noise.pixels(), noise.patches(), tokens, noise.history(), noise.dialogues());
    Batch batch =
        TinyModel.assembly(tiny.tokenizer(), plan).join(List.of(lesson), TinyModel.FRAMES);
    return trainee.measure(batch, TinyModel.ALL).losses()[Trainee.LOSSES.indexOf("pointing")];
  }

  @Test
  void headsWithoutAShareStayAsTheyAre() {
    ModelPlan plan = TinyModel.plan();
    Shares shares = new Shares(1, 0, 0.5, 0, 0, 0, 1);
    Stage stage = TinyModel.stage(1, false, shares);
    try (Trainee trainee = trainee(plan)) {
      trainee.begin(stage);
      Map<String, float[]> before = trainee.values();
      trainee.learn(List.of(batch(plan)), shares);
      trainee.update(1, 1e-2, 0.1, 1);
      Map<String, float[]> after = trainee.values();
      for (String head : List.of("patches", "history", "word", "shown", "onset", "subject")) {
        String key = "labels." + head + ".weight";
        assertThat(after.get(key)).as(key).isEqualTo(before.get(key));
      }
      assertThat(after.get("labels.tokens.weight"))
          .isNotEqualTo(before.get("labels.tokens.weight"));
    }
  }
}
