package dev.densestream.answerservice.language;

import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.ProgramValue;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * Weights of one layer, or of what is around all layers, in the order of LanguageModel.torch; none
 * until they are collected.
 */
final class LayerWeights implements AutoCloseable {
  private final TensorRuntime runtime;
  private final TensorProgram program;
  private final LanguageConfig config;
  private final Weights source;
  private final Precision precision;
  private final Kernels kernels;
  private final boolean around;
  private final List<Tensor> list = new ArrayList<>();
  private final ProgramValue packed;
  private final List<Tensor> fourBits = new ArrayList<>();

  private LayerWeights(LanguageWeights of, Weights source, boolean around) {
    this.runtime = of.runtime();
    this.program = of.program();
    this.config = of.config();
    this.precision = of.precision();
    this.kernels = of.kernels();
    this.source = source;
    this.around = around;
    this.packed = program.keep("new_packed");
  }

  /** Embedding, last norm, head, and what all layers rotate and norm by. */
  static LayerWeights around(LanguageWeights of) {
    return new LayerWeights(of, of.source(), true);
  }

  static LayerWeights layer(LanguageWeights of, int layer) {
    return new LayerWeights(of, of.source().under("model.layers." + layer + "."), false);
  }

  /** Reads them, once. What was read before a failure is there to be closed. */
  void collect() {
    if (around) {
      head();
      rotary();
    } else {
      attention();
      feedForward();
    }
    if (precision.wholeNumbers()) {
      runtime.trim(); // what packing took; it has holes that the next layer would not fill
    }
  }

  /** Not those packed for FBGEMM. */
  List<Tensor> tensors() {
    return List.copyOf(list);
  }

  /** Those packed for FBGEMM. */
  ProgramValue packed() {
    return packed;
  }

  /** Linear layers in 4 bits. */
  List<Tensor> fourBits() {
    return List.copyOf(fourBits);
  }

  @Override
  public void close() {
    list.forEach(Tensor::close);
    fourBits.forEach(Tensor::close);
    packed.close();
  }

  private void head() {
    LanguageShape shape = config.shape();
    add("model.embed_tokens.weight", shape.vocabulary(), shape.width());
    boolean phi = config.family() == Family.PHI;
    String last = phi ? "model.final_layernorm" : "model.norm";
    norm(last);
    boolean tied = config.tiedHead() && !source.has("lm_head.weight");
    String head = tied ? "model.embed_tokens" : "lm_head";
    linear(head, phi, shape.vocabulary(), shape.width());
  }

  private void rotary() {
    float[] frequencies = config.rotary().frequencies();
    list.add(runtime.floats(frequencies, frequencies.length));
    float root = (float) Math.sqrt(config.shape().width() * config.normEpsilon());
    list.add(runtime.floats(new float[] {root}, 1, 1));
  }

  private void norm(String name) {
    int width = config.shape().width();
    if (config.family().rmsNorm()) {
      Precision type = kernels.onGpu() ? precision : Precision.FP32;
      try (Tensor weight = source.tensor(runtime, name + ".weight", type, width)) {
        list.add(program.call("norm_weight", weight));
      }
      absent();
    } else {
      boolean wide = precision.wholeNumbers() && !kernels.onGpu();
      Precision type = wide ? Precision.FP32 : precision;
      list.add(source.tensor(runtime, name + ".weight", type, width));
      list.add(source.tensor(runtime, name + ".bias", type, width));
    }
  }

  private void attention() {
    LanguageShape shape = config.shape();
    int width = shape.width();
    int stored = shape.keyValueHeads() * shape.headSize();
    boolean phi = config.family() == Family.PHI;
    boolean biased = phi || config.family() == Family.QWEN2;
    norm("input_layernorm");
    linears(
        List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
        new long[] {width, stored, stored},
        biased);
    linear(phi ? "self_attn.dense" : "self_attn.o_proj", phi, width, width);
  }

  private void feedForward() {
    int width = config.shape().width();
    int inner = config.shape().feedForward();
    if (config.family() == Family.PHI) {
      absent();
      absent();
      linear("mlp.fc1", true, inner, width);
      noLinear();
      linear("mlp.fc2", true, width, inner);
    } else {
      norm("post_attention_layernorm");
      List<String> names = List.of("mlp.gate_proj", "mlp.up_proj");
      linears(names, new long[] {inner, inner}, false);
      linear("mlp.down_proj", false, width, inner);
    }
  }

  private void add(String key, long... shape) {
    list.add(source.tensor(runtime, key, precision, shape));
  }

  /**
   * Linear layers of the same input. Those in 8 bits, or on a GPU, are copies anyway, and are
   * joined to one, so that one multiplication does the work of all; others stay where they are, in
   * the mapped file.
   */
  private void linears(List<String> names, long[] rows, boolean biased) {
    if (precision.wholeNumbers() || kernels.onGpu()) {
      joined(names, rows, config.shape().width());
      if (biased) {
        try (TensorList biases = all(names, ".bias", rows)) {
          list.add(program.call("joined", biases));
        }
      } else {
        absent();
      }
      names.stream().skip(1).forEach(_ -> noLinear());
      return;
    }
    for (int i = 0; i < names.size(); i++) {
      linear(names.get(i), biased, rows[i], config.shape().width());
    }
  }

  private void linear(String name, boolean biased, long out, long in) {
    if (precision.wholeNumbers() || kernels.onGpu()) {
      joined(List.of(name), new long[] {out}, in);
    } else {
      add(name + ".weight", out, in);
      absent();
      absent();
    }
    addIf(biased, name + ".bias", out);
  }

  private void noLinear() {
    for (int i = 0; i < 4; i++) {
      absent();
    }
  }

  private void joined(List<String> names, long[] rows, long columns) {
    if (precision.wholeNumbers()) {
      inWholeNumbers(names, rows, columns);
      return;
    }
    try (TensorList weights = all(names, ".weight", rows, columns)) {
      list.add(program.call("laid", weights));
    }
    absent();
    absent();
  }

  /** What was read is let go of with each call: a model in 8 bits is never there in 16 as well. */
  private void inWholeNumbers(List<String> names, long[] rows, long columns) {
    try (TensorList weights = all(names, ".weight", rows, columns)) {
      if (precision == Precision.INT4) {
        fourBits.add(program.call("in_four_bits", weights));
      }
      if (kernels.eightBits() != EightBitKernel.FBGEMM) {
        list.addAll(program.callForAll("in_eight_bits", weights));
        return;
      }
      program.call("pack", weights, packed).close();
    }
    absent();
    absent();
    absent();
  }

  private void addIf(boolean present, String key, long... shape) {
    if (present) {
      add(key, shape);
    } else {
      absent();
    }
  }

  private void absent() {
    list.add(runtime.floats(new float[0], 0));
  }

  /** The same tensor of several layers, row after row. */
  private TensorList all(List<String> names, String end, long[] rows, long... columns) {
    List<Tensor> parts = new ArrayList<>();
    try {
      for (int i = 0; i < names.size(); i++) {
        long[] shape =
            columns.length == 0 ? new long[] {rows[i]} : new long[] {rows[i], columns[0]};
        parts.add(source.tensor(runtime, names.get(i) + end, precision, shape));
      }
      return runtime.list(parts);
    } catch (RuntimeException e) {
      parts.forEach(Tensor::close);
      throw e;
    }
  }
}
