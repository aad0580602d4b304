package dev.densestream.answerservice.language;

import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.Weights;
import java.util.ArrayList;
import java.util.List;

/** Collects a model's weights in the order LanguageModel.torch documents; made once. */
final class LanguageWeights {
  private final TensorRuntime runtime;
  private final TensorProgram program;
  private final LanguageConfig config;
  private final Weights source;
  private final Precision precision;
  private final List<Tensor> list = new ArrayList<>();

  LanguageWeights(
      TensorRuntime runtime,
      TensorProgram program,
      LanguageConfig config,
      Weights source,
      Precision precision) {
    this.runtime = runtime;
    this.program = program;
    this.config = config;
    this.source = source;
    this.precision = precision;
  }

  TensorList collect() {
    try {
      head();
      rotary();
      for (int layer = 0; layer < config.shape().layers(); layer++) {
        Weights of = source.under("model.layers." + layer + ".");
        attention(of);
        feedForward(of);
      }
      return runtime.list(list);
    } catch (RuntimeException e) {
      list.forEach(Tensor::close);
      throw e;
    }
  }

  private void head() {
    LanguageShape shape = config.shape();
    add(source, "model.embed_tokens.weight", shape.vocabulary(), shape.width());
    boolean phi = config.family() == Family.PHI;
    String last = phi ? "model.final_layernorm" : "model.norm";
    add(source, last + ".weight", shape.width());
    addIf(phi, source, last + ".bias", shape.width());
    boolean tied = config.tiedHead() && !source.has("lm_head.weight");
    String head = tied ? "model.embed_tokens.weight" : "lm_head.weight";
    linear(
        weight(source, head, shape.vocabulary(), shape.width()),
        phi ? weight(source, "lm_head.bias", shape.vocabulary()) : none());
  }

  /** Angles as the original has them: products of float32 numbers. */
  private void rotary() {
    int half = config.rotary().size() / 2;
    int positions = config.contextLength();
    float[] cosines = new float[positions * half];
    float[] sines = new float[positions * half];
    for (int i = 0; i < half; i++) {
      float exponent = 2f * i / config.rotary().size();
      float frequency = (float) (1 / Math.pow(config.rotary().theta(), exponent));
      for (int position = 0; position < positions; position++) {
        float angle = position * frequency;
        cosines[position * half + i] = (float) Math.cos(angle);
        sines[position * half + i] = (float) Math.sin(angle);
      }
    }
    list.add(runtime.floats(cosines, positions, half));
    list.add(runtime.floats(sines, positions, half));
  }

  private void attention(Weights of) {
    LanguageShape shape = config.shape();
    int width = shape.width();
    int stored = shape.keyValueHeads() * shape.headSize();
    boolean phi = config.family() == Family.PHI;
    boolean biased = phi || config.family() == Family.QWEN2;
    add(of, "input_layernorm.weight", width);
    addIf(phi, of, "input_layernorm.bias", width);
    List<String> names = List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj");
    long[] rows = {width, stored, stored};
    linear(
        joined(of, names, ".weight", rows, width),
        biased ? joined(of, names, ".bias", rows) : none());
    String out = phi ? "self_attn.dense" : "self_attn.o_proj";
    linear(
        weight(of, out + ".weight", width, width), phi ? weight(of, out + ".bias", width) : none());
  }

  private void feedForward(Weights of) {
    int width = config.shape().width();
    int inner = config.shape().feedForward();
    if (config.family() == Family.PHI) {
      absent();
      absent();
      linear(weight(of, "mlp.fc1.weight", inner, width), weight(of, "mlp.fc1.bias", inner));
      linear(weight(of, "mlp.fc2.weight", width, inner), weight(of, "mlp.fc2.bias", width));
    } else {
      add(of, "post_attention_layernorm.weight", width);
      absent();
      List<String> names = List.of("mlp.gate_proj", "mlp.up_proj");
      linear(joined(of, names, ".weight", new long[] {inner, inner}, width), none());
      linear(weight(of, "mlp.down_proj.weight", width, inner), none());
    }
  }

  private void add(Weights of, String key, long... shape) {
    list.add(weight(of, key, shape));
  }

  private Tensor weight(Weights of, String key, long... shape) {
    return of.tensor(runtime, key, precision, shape);
  }

  private Tensor none() {
    return runtime.floats(new float[0], 0);
  }

  /** The four tensors of a linear layer; takes both over. */
  private void linear(Tensor weight, Tensor bias) {
    if (precision != Precision.INT8) {
      list.add(weight);
      list.add(bias);
      absent();
      absent();
      return;
    }
    try (weight) {
      List<Tensor> whole = program.callForAll("in_eight_bits", weight);
      list.add(whole.getFirst());
      list.add(bias);
      list.addAll(whole.subList(1, 3));
    } catch (RuntimeException e) {
      bias.close();
      throw e;
    }
  }

  private void addIf(boolean present, Weights of, String key, long... shape) {
    if (present) {
      add(of, key, shape);
    } else {
      absent();
    }
  }

  private void absent() {
    list.add(none());
  }

  /** One weight of several, so that one multiplication does the work of all. */
  private Tensor joined(Weights of, List<String> names, String end, long[] rows, long... columns) {
    List<Tensor> parts = new ArrayList<>();
    try {
      for (int i = 0; i < names.size(); i++) {
        long[] shape =
            columns.length == 0 ? new long[] {rows[i]} : new long[] {rows[i], columns[0]};
        parts.add(of.tensor(runtime, names.get(i) + end, precision, shape));
      }
      try (TensorList joining = runtime.list(parts)) {
        parts = List.of();
        return program.call("joined", joining);
      }
    } finally {
      parts.forEach(Tensor::close);
    }
  }
}
