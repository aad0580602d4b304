package dev.densestream.visionpipeline.projector;

import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.WeightList;
import dev.densestream.visionpipeline.Weights;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code mm_projector}: one linear layer, several with GELU between, or nothing. */
public final class Projector implements AutoCloseable {
  private static final Pattern MLP = Pattern.compile("mlp([1-9][0-9]?)x_gelu");

  private final TensorProgram program;
  private final TensorList layers;
  private final String method;

  private Projector(TensorProgram program, TensorList layers, String method) {
    this.program = program;
    this.layers = layers;
    this.method = method;
  }

  /**
   * @param type {@code mm_projector_type}
   * @param weights with keys below {@code mm_projector.}
   */
  @SuppressWarnings("MissingSummary") // the class says it
  public static Projector load(
      TensorRuntime runtime, Weights weights, Precision precision, String type, int in, int out) {
    try (WeightList layers = new WeightList(runtime, weights, precision)) {
      Matcher mlp = MLP.matcher(type);
      if (type.equals("linear")) {
        layers.linear("mm_projector", out, in);
      } else if (mlp.matches()) {
        for (int layer = 0; layer < Integer.parseInt(mlp.group(1)); layer++) {
          // Every other slot of the sequence is a GELU.
          layers.linear("mm_projector." + 2 * layer, out, layer == 0 ? in : out);
        }
      } else if (!type.equals("identity") || in != out) {
        throw new CheckpointException(
            "mm_projector_type " + type + " from " + in + " to " + out + " is not supported");
      }
      return new Projector(
          runtime.compile(Projector.class, "Projector.torch"),
          layers.finish(),
          type.equals("identity") ? "identity" : "project");
    }
  }

  /** {@code [B, N, in]} borrowed, to {@code [B, N, out]} float32; the caller closes it. */
  public Tensor project(Tensor tokens) {
    return program.call(method, tokens, layers);
  }

  @Override
  public void close() {
    program.close();
    layers.close();
  }
}
