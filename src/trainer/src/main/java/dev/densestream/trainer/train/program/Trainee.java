package dev.densestream.trainer.train.program;

import static java.util.Objects.requireNonNull;

import dev.densestream.trainer.train.config.ModelPlan;
import dev.densestream.trainer.train.config.Shares;
import dev.densestream.trainer.train.config.Stage;
import dev.densestream.trainer.train.lesson.Batch;
import dev.densestream.trainer.train.model.Parameter;
import dev.densestream.trainer.train.model.ParameterTable;
import dev.densestream.visionpipeline.ProgramTexts;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.connector.DenseConnector;
import dev.densestream.visionpipeline.encoder.VisionTower;
import dev.densestream.visionpipeline.projector.Projector;
import dev.densestream.visionpipeline.projector.TokenPooling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A model that learns: its parameters in float32 on the device, their gradients, and the
 * optimiser's means of these. Learns from several batches side by side, each on a replica of its
 * own. For one thread at a time.
 */
public final class Trainee implements AutoCloseable {
  /** Of the tower's blocks those that have a derivative. */
  private static final List<ProgramTexts> USED =
      List.of(
          ProgramTexts.of(VisionTower.class, "VisionTower.torch", "PlainBlocks.torch"),
          ProgramTexts.of(DenseConnector.class, "DenseConnector.torch"),
          ProgramTexts.of(Projector.class, "Projector.torch"),
          ProgramTexts.of(TokenPooling.class, "TokenPooling.torch"));

  /** What a batch's losses are of, in their order; the first is their sum by their shares. */
  public static final List<String> LOSSES =
      List.of("loss", "words", "patches", "tokens", "history", "onsets", "pointing", "subjects");

  private static final Shares NO_SHARES = Shares.wordsAlone();

  private final TensorRuntime runtime;
  private final ModelPlan plan;
  private final ParameterTable table;
  private final TensorProgram program;
  private final ProgramNumbers numbers;
  private final LearntTensors parameters;
  private final LearnerThreads threads;
  private final int replicaCount;
  private List<Replica> replicas;
  private boolean bfloat16;
  private @Nullable Optimiser optimiser;

  /**
   * Compiles the program and makes the parameters, of which none is learnt yet.
   *
   * @param runtime borrowed
   * @param values first values
   * @param replicas batches that are learnt from side by side
   */
  public Trainee(
      TensorRuntime runtime,
      ModelPlan plan,
      ParameterTable table,
      Function<Parameter, float[]> values,
      int replicas) {
    this.runtime = runtime;
    this.plan = plan;
    this.table = table;
    program = compiled(runtime);
    numbers = new ProgramNumbers(plan);
    parameters = new LearntTensors(runtime, program, table.all().toList(), values);
    threads = new LearnerThreads(replicas);
    replicaCount = replicas;
    this.replicas = List.of(replica(List.of(), parameters::itself));
  }

  private Replica replica(List<Parameter> learnt, Function<Parameter, Tensor> leaf) {
    return new Replica(runtime, program, table, plan.language(), parameters, learnt, leaf);
  }

  /** Training.torch with all it uses; the caller closes it. */
  static TensorProgram compiled(TensorRuntime runtime) {
    return runtime.compile(ProgramTexts.of(Trainee.class, "Training.torch"), USED);
  }

  /** From now on exactly these parts are learnt; the optimiser starts afresh. */
  public void begin(Stage stage) {
    List<Parameter> learnt =
        stage.learns().stream().sorted().flatMap(part -> of(part, stage.shares())).toList();
    bfloat16 = stage.bfloat16();
    closeOptimiser();
    optimiser =
        new Optimiser(
            runtime, program, threads, learnt, parameter -> way(parameter, stage), parameters::get);
    replicas.forEach(Replica::close);
    replicas = replicas(learnt);
  }

  private static ParameterGroup.Way way(Parameter parameter, Stage stage) {
    return new ParameterGroup.Way(
        parameter.update(), parameter.isOfTower() ? stage.towerRate() : 1);
  }

  /** The first has the gradients that are followed. */
  private List<Replica> replicas(List<Parameter> learnt) {
    List<Replica> all = new ArrayList<>();
    all.add(replica(learnt, parameters::itself));
    while (all.size() < replicaCount) {
      all.add(replica(learnt, parameters::beside));
    }
    return List.copyOf(all);
  }

  private ProgramLists lists() {
    return replicas.getFirst().lists();
  }

  private Optimiser optimiser() {
    return requireNonNull(optimiser, "nothing is learnt before a stage begins");
  }

  private void closeOptimiser() {
    if (optimiser != null) {
      optimiser.close();
    }
  }

  private Stream<Parameter> of(Stage.Part part, Shares shares) {
    return switch (part) {
      case TOWER -> table.ofTower();
      case PROJECTOR -> table.projector().stream();
      case LANGUAGE -> table.words().stream();
      case HEADS -> table.headsFor(shares);
    };
  }

  /**
   * Adds the mean of the batches' gradients.
   *
   * @param batches one for each replica
   * @return means of their losses: total, words, patches, tokens, history, onsets, pointing,
   *     subjects
   */
  public float[] learn(List<Batch> batches, Shares shares) {
    if (batches.size() != replicas.size()) {
      throw new IllegalArgumentException(
          batches.size() + " batches for " + replicas.size() + " replicas");
    }
    List<Callable<float[]>> parts = new ArrayList<>();
    for (int i = 0; i < batches.size(); i++) {
      ProgramLists own = replicas.get(i).lists();
      Batch batch = batches.get(i);
      parts.add(() -> learn(own, batch, shares));
    }
    List<float[]> losses = threads.all(parts);
    for (Replica replica : replicas.subList(1, replicas.size())) {
      program
          .callForAll("gather", replicas.getFirst().leaves(), replica.leaves())
          .forEach(Tensor::close);
    }
    return means(losses);
  }

  private static float[] means(List<float[]> losses) {
    float[] means = new float[losses.getFirst().length];
    for (float[] own : losses) {
      for (int i = 0; i < means.length; i++) {
        means[i] += own[i] / losses.size();
      }
    }
    return means;
  }

  private float[] learn(ProgramLists lists, Batch batch, Shares shares) {
    try (TensorList tensors = tensors(batch);
        Tensor vision = ProgramNumbers.tensor(runtime, numbers.vision());
        Tensor language = ProgramNumbers.tensor(runtime, numbers.language(shares.needsLanguage()));
        Tensor parts = ProgramNumbers.tensor(runtime, ProgramNumbers.shares(shares));
        Tensor narrow = ProgramNumbers.tensor(runtime, bfloat16 ? 1L : 0L);
        Tensor portion = ProgramNumbers.tensor(runtime, 1.0 / replicas.size());
        Tensor losses =
            program
                .learn(
                    "learn",
                    tensors,
                    lists.stem(),
                    lists.blocks(),
                    lists.projector(),
                    lists.heads(),
                    lists.words(),
                    vision,
                    language,
                    parts,
                    narrow,
                    portion)
                .getFirst()) {
      return losses.toFloats();
    }
  }

  /** Follows the gradients added since the last time; the length of the gradient. */
  public double update(int step, double rate, double decay, double clip) {
    return optimiser().update(new Optimiser.Step(step, rate, decay, bfloat16), clip);
  }

  /**
   * What a batch's losses are, and what would be answered.
   *
   * @param losses of {@link Trainee#LOSSES}
   * @param likely the likeliest id after each row with a target
   * @param seen of each kind of label of what is seen, how many visual tokens have one (above 0),
   *     and of how many of these it is told right
   * @param recalled the same of each kind of history; empty where words are not learnt
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  public record Measured(float[] losses, long[] likely, long[] seen, long[] recalled) {}

  /** Learns nothing. */
  public Measured measure(Batch batch, Shares shares) {
    try (TensorList tensors = tensors(batch)) {
      List<Tensor> results =
          program.callForAll(
              "measured",
              tensors,
              lists().stem(),
              lists().blocks(),
              lists().projector(),
              lists().heads(),
              lists().words(),
              numbers.vision(),
              numbers.language(shares.needsLanguage()),
              ProgramNumbers.shares(shares));
      try (Tensor losses = results.get(0);
          Tensor likely = results.get(1);
          Tensor seen = results.get(2);
          Tensor recalled = results.get(3)) {
        return new Measured(
            losses.toFloats(), likely.toLongs(), seen.toLongs(), recalled.toLongs());
      }
    }
  }

  /** Visual tokens {@code [B, N, C]} of prepared pixels. */
  public float[] visualTokens(float[] pixels, int images) {
    int side = plan.tower().side();
    try (Tensor input = runtime.floats(pixels, images, 3, side, side);
        Tensor tokens =
            program.call(
                "visual_tokens",
                input,
                lists().stem(),
                lists().blocks(),
                lists().projector(),
                numbers.vision(),
                ProgramNumbers.shares(NO_SHARES))) {
      return tokens.toFloats();
    }
  }

  /** Logits of all rows of a batch of one window {@code [S, V]}. */
  public float[] windowLogits(Batch batch) {
    float[] visual = visualTokens(batch.pixels(), batch.images());
    int width = plan.language().width();
    try (TensorList tensors = tensors(batch);
        Tensor tokens =
            runtime.floats(visual, batch.images(), visual.length / width / batch.images(), width);
        Tensor logits =
            program.call(
                "window_logits",
                tensors,
                tokens,
                lists().words(),
                numbers.language(true),
                ProgramNumbers.shares(NO_SHARES))) {
      return logits.toFloats();
    }
  }

  private TensorList tensors(Batch batch) {
    return batch.tensors(runtime, plan.tower().side());
  }

  /** A gradient by its parameter's key, for tests of the program. */
  Map<String, float[]> gradients() {
    return optimiser().gradients();
  }

  /** Parameters by key. */
  public Map<String, float[]> values() {
    return parameters.values();
  }

  public ParameterTable table() {
    return table;
  }

  /** The optimiser's means by {@code first.key} and {@code second.key}. */
  public Map<String, float[]> moments() {
    return optimiser().moments();
  }

  /** Puts them back. */
  public void restore(Function<String, float[]> moments) {
    optimiser().restore(moments);
  }

  @Override
  public void close() {
    threads.close();
    replicas.forEach(Replica::close);
    closeOptimiser();
    parameters.close();
    program.close();
  }
}
