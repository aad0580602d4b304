package dev.densestream.visionpipeline.reference;

import static java.util.Objects.requireNonNull;

import dev.densestream.visionpipeline.ElementType;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random weights, made when they are asked for and remembered, so that a reference sees the same.
 */
public final class MadeWeights implements Weights {
  private final Map<String, float[]> values = new HashMap<>();
  private final Map<String, long[]> shapes = new HashMap<>();
  private final Random random;

  public MadeWeights(Random random) {
    this.random = random;
  }

  /** Fixes a shape that a program would otherwise take from the file. */
  public MadeWeights with(String key, long... shape) {
    make(key, shape);
    return this;
  }

  @Override
  public boolean has(String key) {
    return values.containsKey(key);
  }

  @Override
  public Tensor tensor(TensorRuntime runtime, String key, Precision precision, long... shape) {
    if (!values.containsKey(key)) {
      make(key, shape);
    }
    float[] made = requireNonNull(values.get(key));
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(Float.BYTES * made.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(made);
    return runtime.weight(
        List.of(bytes), ElementType.FP32, precision, requireNonNull(shapes.get(key)));
  }

  private void make(String key, long... shape) {
    float[] made = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b))];
    double scale = shape.length == 1 ? 0.3 : 1 / Math.sqrt((double) made.length / shape[0]);
    boolean norm = shape.length == 1 && key.endsWith("weight");
    for (int i = 0; i < made.length; i++) {
      made[i] = (float) ((norm ? 1 : 0) + scale * random.nextGaussian());
    }
    values.put(key, made);
    shapes.put(key, shape.clone());
  }

  /** Changes one value, for what was loaded before to differ from. */
  public void perturb(String key, float by) {
    requireNonNull(values.get(key), "nobody asked for " + key)[0] += by;
  }

  /** Its sizes. */
  public long[] shape(String key) {
    return requireNonNull(shapes.get(key), "nobody asked for " + key).clone();
  }

  /** As a double array. */
  public double[] of(String key) {
    float[] floats = values.get(key);
    if (floats == null) {
      throw new IllegalStateException("nobody asked for " + key);
    }
    double[] doubles = new double[floats.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }
}
