package dev.densestream.visionpipeline;

import java.util.ArrayList;
import java.util.List;

/**
 * Gathers a program's weights in the order it expects them. Closing gives back what was gathered
 * unless {@link #finish} has handed it over.
 */
public final class WeightList implements AutoCloseable {
  private final TensorRuntime runtime;
  private final Weights weights;
  private final Precision precision;
  private List<Tensor> gathered = new ArrayList<>();

  public WeightList(TensorRuntime runtime, Weights weights, Precision precision) {
    this.runtime = runtime;
    this.weights = weights;
    this.precision = precision;
  }

  /** As {@link Weights#tensor}. */
  public WeightList add(String key, long... shape) {
    gathered.add(weights.tensor(runtime, key, precision, shape));
    return this;
  }

  /** A layer's {@code name.weight [out, in]} and {@code name.bias [out]}. */
  public WeightList linear(String name, long out, long in) {
    return add(name + ".weight", out, in).add(name + ".bias", out);
  }

  /** A normalisation's {@code name.weight} and {@code name.bias}, both {@code [width]}. */
  public WeightList norm(String name, long width) {
    return add(name + ".weight", width).add(name + ".bias", width);
  }

  /** The list, owned by the caller from now on. */
  public TensorList finish() {
    TensorList list = runtime.list(gathered);
    gathered = new ArrayList<>();
    return list;
  }

  @Override
  public void close() {
    gathered.forEach(Tensor::close);
    gathered.clear();
  }
}
