package dev.densestream.trainer.train.program;

import dev.densestream.answerservice.language.Family;
import dev.densestream.answerservice.language.LanguageConfig;
import dev.densestream.answerservice.language.LanguageShape;
import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import java.util.ArrayList;
import java.util.List;

/** A published language model's weights in the order of Training.torch; nothing of it is learnt. */
final class FrozenWords {
  private final TensorRuntime runtime;
  private final TensorProgram program;
  private final Checkpoint model;
  private final LanguageConfig config;
  private final Precision precision;
  private final List<Tensor> list = new ArrayList<>();

  private FrozenWords(
      TensorRuntime runtime,
      TensorProgram program,
      Checkpoint model,
      LanguageConfig config,
      Precision precision) {
    this.runtime = runtime;
    this.program = program;
    this.model = model;
    this.config = config;
    this.precision = precision;
  }

  /**
   * Collects them; the caller closes the list.
   *
   * @param program Training.torch
   * @param rows most of a clip and what is told of it, for the table of angles
   * @throws CheckpointException for a family that Training.torch cannot run, or a missing weight
   */
  static TensorList of(
      TensorRuntime runtime,
      TensorProgram program,
      Checkpoint model,
      LanguageConfig config,
      Precision precision,
      int rows) {
    if (config.family() == Family.PHI) {
      throw new CheckpointException(
          model.config().file()
              + ": a projector in front of a phi language model cannot be trained; llama, mistral"
              + " and qwen2 can");
    }
    FrozenWords words = new FrozenWords(runtime, program, model, config, precision);
    try {
      words.collect(rows);
      return runtime.list(words.list);
    } catch (RuntimeException e) {
      words.list.forEach(Tensor::close);
      throw e;
    }
  }

  private void collect(int rows) {
    LanguageShape shape = config.shape();
    boolean tied = config.tiedHead() && !model.has("lm_head.weight");
    add("model.embed_tokens.weight", shape.vocabulary(), shape.width());
    add("model.norm.weight", shape.width());
    add(tied ? "model.embed_tokens.weight" : "lm_head.weight", shape.vocabulary(), shape.width());
    angles(rows);
    for (int layer = 0; layer < shape.layers(); layer++) {
      layer("model.layers." + layer + ".");
    }
  }

  private void angles(int rows) {
    float[] frequencies = config.rotary().frequencies();
    float[] cosines = new float[rows * frequencies.length];
    float[] sines = new float[cosines.length];
    for (int i = 0; i < cosines.length; i++) {
      int position = i / frequencies.length;
      float angle = position * frequencies[i % frequencies.length];
      cosines[i] = (float) Math.cos(angle);
      sines[i] = (float) Math.sin(angle);
    }
    list.add(runtime.floats(cosines, rows, frequencies.length));
    list.add(runtime.floats(sines, rows, frequencies.length));
  }

  private void layer(String of) {
    LanguageShape shape = config.shape();
    int width = shape.width();
    int stored = shape.keyValueHeads() * shape.headSize();
    add(of + "input_layernorm.weight", width);
    attention(of + "self_attn.q_proj", width, width);
    attention(of + "self_attn.k_proj", stored, width);
    attention(of + "self_attn.v_proj", stored, width);
    add(of + "self_attn.o_proj.weight", width, width);
    add(of + "post_attention_layernorm.weight", width);
    add(of + "mlp.gate_proj.weight", shape.feedForward(), width);
    add(of + "mlp.up_proj.weight", shape.feedForward(), width);
    add(of + "mlp.down_proj.weight", width, shape.feedForward());
  }

  private void attention(String name, long out, long in) {
    add(name + ".weight", out, in);
    if (config.family() == Family.QWEN2) {
      add(name + ".bias", out);
    } else {
      list.add(runtime.floats(new float[0], 0));
    }
  }

  private void add(String key, long... shape) {
    try (Tensor stored = model.tensor(runtime, key, precision, shape)) {
      list.add(program.learn("ordinary", stored).getFirst());
    }
  }
}
