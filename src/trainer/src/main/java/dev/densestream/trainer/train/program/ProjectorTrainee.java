package dev.densestream.trainer.train.program;

import dev.densestream.answerservice.language.LanguageConfig;
import dev.densestream.answerservice.language.LanguageShape;
import dev.densestream.framesampler.Frame;
import dev.densestream.trainer.train.model.Parameter;
import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.ProjectorInput;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A published model of which the projector alone learns, in float32; the tower and the language
 * model stay as they are in their files. For one thread at a time.
 */
public final class ProjectorTrainee implements AutoCloseable {
  private final TensorRuntime runtime;
  private final ProjectorInput input;
  private final LanguageConfig language;
  private final List<Parameter> parameters;
  private final TensorProgram program;
  private final LearntTensors tensors;
  private final TensorList projector;
  private final TensorList words;
  private final LearnerThreads threads;
  private final Optimiser optimiser;

  /**
   * A clip and what is told of it.
   *
   * @param before ids in front of the pictures
   * @param behind ids behind them {@code [L]}
   * @param targets {@code [1 + L]}: what follows the last picture, and each id behind it; below 0
   *     where nothing is to be learnt
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  public record Example(List<Frame> frames, long[] before, long[] behind, long[] targets) {
    public Example {
      frames = List.copyOf(frames);
    }
  }

  /**
   * Loads the language model and makes the projector.
   *
   * @param runtime borrowed
   * @param input of the same model, borrowed
   * @param precision of the language model: float32 or bfloat16
   * @param rows most of one example
   * @param values the projector's first values
   */
  public ProjectorTrainee(
      TensorRuntime runtime,
      Checkpoint model,
      ProjectorInput input,
      Precision precision,
      int rows,
      List<Parameter> parameters,
      Function<Parameter, float[]> values) {
    this.runtime = runtime;
    this.input = input;
    this.parameters = List.copyOf(parameters);
    language = LanguageConfig.of(model.config());
    program = Trainee.compiled(runtime);
    words = words(model, precision, rows);
    tensors = new LearntTensors(runtime, program, parameters, values);
    projector = runtime.list(parameters.stream().map(tensors::itself).toList());
    threads = new LearnerThreads(1);
    // AdamW, as in the paper.
    optimiser =
        new Optimiser(
            runtime,
            program,
            threads,
            parameters,
            _ -> new ParameterGroup.Way(Parameter.Update.PLAIN, 1),
            tensors::get);
  }

  private TensorList words(Checkpoint model, Precision precision, int rows) {
    try {
      return FrozenWords.of(runtime, program, model, language, precision, rows);
    } catch (RuntimeException e) {
      program.close();
      throw e;
    }
  }

  /** Rows that an example takes. */
  public int rows(int frames, int ids) {
    return frames * input.tokensOfAFrame() + ids;
  }

  /**
   * Adds an example's gradient.
   *
   * @param share what the sum of its losses is multiplied by
   * @return that sum
   */
  public float learn(Example example, double share) {
    float[] scales = {(float) language.normEpsilon(), (float) share};
    try (Tensor joined = input.of(example.frames());
        Tensor before = ids(example.before());
        Tensor behind = ids(example.behind());
        Tensor targets = ids(example.targets());
        Tensor sizes = ids(sizes());
        Tensor numbers = runtime.floats(scales, scales.length);
        Tensor sum =
            program
                .learn(
                    "learn_of_clip",
                    joined,
                    projector,
                    words,
                    before,
                    behind,
                    targets,
                    sizes,
                    numbers)
                .getFirst()) {
      return sum.toFloats()[0];
    }
  }

  /** Sum of an example's losses; learns nothing. */
  public float loss(Example example) {
    try (Tensor joined = input.of(example.frames());
        Tensor before = ids(example.before());
        Tensor behind = ids(example.behind());
        Tensor targets = ids(example.targets());
        Tensor sum =
            program.call(
                "loss_of_clip",
                joined,
                projector,
                words,
                before,
                behind,
                targets,
                sizes(),
                language.normEpsilon())) {
      return sum.toFloats()[0];
    }
  }

  /** Of the last picture and of each id behind it {@code [1 + L, V]}. */
  public float[] logits(Example example) {
    try (Tensor joined = input.of(example.frames());
        Tensor before = ids(example.before());
        Tensor behind = ids(example.behind());
        Tensor logits =
            program.call(
                "told_of_clip",
                joined,
                projector,
                words,
                before,
                behind,
                sizes(),
                language.normEpsilon())) {
      return logits.toFloats();
    }
  }

  private Tensor ids(long[] ids) {
    return runtime.longs(ids, ids.length);
  }

  private long[] sizes() {
    LanguageShape shape = language.shape();
    return new long[] {
      input.halvedGrid(),
      input.paired() ? 1 : 0,
      shape.layers(),
      shape.heads(),
      shape.keyValueHeads(),
      shape.headSize()
    };
  }

  /** Follows the gradients added since the last time; the length of the gradient. */
  public double update(int step, double rate, double clip) {
    return optimiser.update(
        new Optimiser.Step(step, rate, 0, false), clip); // no decay, as in the paper
  }

  public List<Parameter> parameters() {
    return parameters;
  }

  /** The projector by key. */
  public Map<String, float[]> values() {
    return tensors.values();
  }

  /** The optimiser's means by {@code first.key} and {@code second.key}. */
  public Map<String, float[]> moments() {
    return optimiser.moments();
  }

  /** Puts them back. */
  public void restore(Function<String, float[]> moments) {
    optimiser.restore(moments);
  }

  @Override
  public void close() {
    threads.close();
    optimiser.close();
    projector.close();
    tensors.close();
    words.close();
    program.close();
  }
}
