package dev.densestream.trainer.train.program;

import static java.util.Objects.requireNonNull;

import dev.densestream.trainer.train.config.ModelPlan;
import dev.densestream.trainer.train.config.Shares;
import dev.densestream.trainer.train.config.Stage;
import dev.densestream.trainer.train.lesson.Batch;
import dev.densestream.trainer.train.lesson.Labels;
import dev.densestream.trainer.train.model.ModelWriter;
import dev.densestream.trainer.train.model.Parameter;
import dev.densestream.trainer.train.model.ParameterTable;
import dev.densestream.visionpipeline.ProgramTexts;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.connector.ConnectorKind;
import dev.densestream.visionpipeline.connector.DenseConnector;
import dev.densestream.visionpipeline.encoder.StateSelection;
import dev.densestream.visionpipeline.encoder.VisionTower;
import dev.densestream.visionpipeline.projector.Projector;
import dev.densestream.visionpipeline.projector.TokenPooling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A model that learns: its parameters in float32 on the device, their gradients, and the
 * optimiser's means of these. For one thread at a time.
 */
public final class Trainee implements AutoCloseable {
  /** Of the tower's blocks those that have a derivative. */
  private static final List<ProgramTexts> USED =
      List.of(
          ProgramTexts.of(VisionTower.class, "VisionTower.torch", "PlainBlocks.torch"),
          ProgramTexts.of(DenseConnector.class, "DenseConnector.torch"),
          ProgramTexts.of(Projector.class, "Projector.torch"),
          ProgramTexts.of(TokenPooling.class, "TokenPooling.torch"));

  private final TensorRuntime runtime;
  private final ModelPlan plan;
  private final ParameterTable table;
  private final TensorProgram program;
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final List<Tensor> rotations = new ArrayList<>();
  private final Lists lists = new Lists();
  private @Nullable Optimiser optimiser;

  /**
   * Compiles the program and makes the parameters, of which none is learnt yet.
   *
   * @param runtime borrowed
   * @param values first values
   */
  public Trainee(
      TensorRuntime runtime,
      ModelPlan plan,
      ParameterTable table,
      Function<Parameter, float[]> values) {
    this.runtime = runtime;
    this.plan = plan;
    this.table = table;
    program = compiled(runtime);
    table.all().forEach(p -> parameters.put(p.key(), parameter(p, values.apply(p))));
    float[][] tables = ModelWriter.rotations(plan.language());
    for (float[] angles : tables) {
      rotations.add(
          runtime.floats(angles, plan.language().context(), plan.language().headSize() / 2));
    }
    lists.make(List.of());
  }

  /** Training.torch with all it uses; the caller closes it. */
  static TensorProgram compiled(TensorRuntime runtime) {
    return runtime.compile(ProgramTexts.of(Trainee.class, "Training.torch"), USED);
  }

  private Tensor parameter(Parameter parameter, float[] values) {
    try (Tensor plain = runtime.floats(values, parameter.shape())) {
      return program.learn("parameter", plain).getFirst();
    }
  }

  private Tensor tensor(Parameter parameter) {
    Tensor tensor = parameters.get(parameter.key());
    if (tensor == null) {
      throw new IllegalStateException("no parameter " + parameter.key());
    }
    return tensor;
  }

  /** From now on exactly these parts are learnt; the optimiser starts afresh. */
  public void begin(Stage stage) {
    List<Parameter> learnt = stage.learns().stream().sorted().flatMap(this::of).toList();
    closeOptimiser();
    optimiser = new Optimiser(runtime, program, learnt, this::tensor);
    lists.make(learnt);
  }

  private Optimiser optimiser() {
    return requireNonNull(optimiser, "nothing is learnt before a stage begins");
  }

  private void closeOptimiser() {
    if (optimiser != null) {
      optimiser.close();
    }
  }

  private Stream<Parameter> of(Stage.Part part) {
    return switch (part) {
      case TOWER -> table.ofTower();
      case PROJECTOR -> table.projector().stream();
      case LANGUAGE -> table.words().stream();
      case HEADS -> table.heads().stream();
    };
  }

  /** Adds a batch's gradients; losses: total, words, patches, tokens, motion. */
  public float[] learn(Batch batch, Shares shares, boolean bfloat16) {
    try (TensorList tensors = tensors(batch);
        Tensor vision = numbers(vision());
        Tensor language = numbers(language(shares.needsLanguage()));
        Tensor parts = numbers(shares(shares));
        Tensor narrow = numbers(new long[] {bfloat16 ? 1 : 0});
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
                    narrow)
                .getFirst()) {
      return losses.toFloats();
    }
  }

  /** Follows the gradients added since the last time; the length of the gradient. */
  public double update(int step, double rate, double decay, double clip) {
    return optimiser().update(step, rate, decay, clip);
  }

  /**
   * What a batch's losses are, and what would be answered.
   *
   * @param losses total, words, patches, tokens, motion
   * @param likely the likeliest id after each row with a target
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  public record Measured(float[] losses, long[] likely) {}

  /** Learns nothing. */
  public Measured measure(Batch batch, Shares shares) {
    try (TensorList tensors = tensors(batch)) {
      List<Tensor> results =
          program.callForAll(
              "losses",
              tensors,
              lists.stem(),
              lists.blocks(),
              lists.projector(),
              lists.heads(),
              lists.words(),
              vision(),
              language(shares.needsLanguage()),
              shares(shares));
      try (Tensor losses = results.getFirst();
          Tensor likely = results.getLast()) {
        return new Measured(losses.toFloats(), likely.toLongs());
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
                lists.stem(),
                lists.blocks(),
                lists.projector(),
                vision(),
                shares(NO_SHARES))) {
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
                lists.words(),
                language(true),
                shares(NO_SHARES))) {
      return logits.toFloats();
    }
  }

  private static final Shares NO_SHARES = new Shares(1, 0, 0, 0);

  private Tensor numbers(long[] numbers) {
    return runtime.longs(numbers, numbers.length);
  }

  private Tensor numbers(double[] numbers) {
    float[] narrow = new float[numbers.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) numbers[i];
    }
    return runtime.floats(narrow, narrow.length);
  }

  private TensorList tensors(Batch batch) {
    return batch.tensors(runtime, plan.tower().side(), Labels.kinds().length);
  }

  private long[] vision() {
    StateSelection states = plan.states();
    LongStream sizes =
        LongStream.of(
            plan.tower().heads(),
            2, // exact GELU
            states.base(),
            1, // class token
            plan.connector() == ConnectorKind.STI ? 1 : 0,
            plan.efficient() ? plan.tower().grid() : 0,
            0);
    LongStream groups =
        states.groups().stream().flatMapToLong(group -> LongStream.of(group.first(), group.last()));
    return LongStream.concat(sizes, groups).toArray();
  }

  private long[] language(boolean needed) {
    LongStream sizes =
        LongStream.of(
            plan.language().layers(),
            plan.language().heads(),
            plan.language().keyValueHeads(),
            plan.language().headSize(),
            needed ? 1 : 0);
    return LongStream.concat(sizes, LongStream.of(Labels.kinds())).toArray();
  }

  private static double[] shares(Shares shares) {
    return new double[] {
      ModelWriter.TOWER_EPS,
      ModelWriter.LANGUAGE_EPS,
      shares.words(),
      shares.patches(),
      shares.tokens(),
      shares.motion()
    };
  }

  /** A gradient by its parameter's key, for tests of the program. */
  Map<String, float[]> gradients() {
    return optimiser().gradients();
  }

  /** Parameters by key. */
  public Map<String, float[]> values() {
    Map<String, float[]> values = new LinkedHashMap<>();
    table.all().forEach(p -> values.put(p.key(), plain(tensor(p))));
    return values;
  }

  private float[] plain(Tensor parameter) {
    try (Tensor values = program.call("fixed", parameter)) {
      return values.toFloats();
    }
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
    lists.close();
    closeOptimiser();
    parameters.values().forEach(Tensor::close);
    rotations.forEach(Tensor::close);
    program.close();
  }

  /** What the program is called with: learnt parameters as they are, others as plain tensors. */
  private final class Lists {
    private final Map<String, TensorList> made = new LinkedHashMap<>();

    void make(List<Parameter> learnt) {
      close();
      made.put("stem", runtime.list(passed(table.stem(), learnt)));
      made.put("blocks", runtime.list(passed(table.blocks(), learnt)));
      made.put("projector", runtime.list(passed(table.projector(), learnt)));
      made.put("heads", runtime.list(passed(table.heads(), learnt)));
      made.put("words", runtime.list(withGaps(passed(table.words(), learnt))));
    }

    private List<Tensor> passed(List<Parameter> of, List<Parameter> learnt) {
      return of.stream()
          .map(
              parameter ->
                  program.call(learnt.contains(parameter) ? "itself" : "fixed", tensor(parameter)))
          .toList();
    }

    /** The tables of angles behind the head, and nothing where a Llama has no biases. */
    private List<Tensor> withGaps(List<Tensor> words) {
      List<Tensor> list = new ArrayList<>(words.subList(0, 3));
      rotations.forEach(angles -> list.add(program.call("fixed", angles)));
      for (int at = 3; at < words.size(); at += 9) {
        list.add(words.get(at));
        for (int i = 1; i <= 3; i++) {
          list.add(words.get(at + i));
          list.add(runtime.floats(new float[0], 0));
        }
        list.addAll(words.subList(at + 4, at + 9));
      }
      return list;
    }

    private TensorList list(String name) {
      TensorList list = made.get(name);
      if (list == null) {
        throw new IllegalStateException("no list " + name);
      }
      return list;
    }

    TensorList stem() {
      return list("stem");
    }

    TensorList blocks() {
      return list("blocks");
    }

    TensorList projector() {
      return list("projector");
    }

    TensorList heads() {
      return list("heads");
    }

    TensorList words() {
      return list("words");
    }

    void close() {
      made.values().forEach(TensorList::close);
      made.clear();
    }
  }
}
