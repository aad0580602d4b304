package dev.densestream.visionpipeline;

import static java.util.Objects.requireNonNull;

import dev.densestream.visionpipeline.connector.ConnectorKind;
import dev.densestream.visionpipeline.connector.DenseConnector;
import dev.densestream.visionpipeline.encoder.StateSelection;
import dev.densestream.visionpipeline.encoder.TowerConfig;
import dev.densestream.visionpipeline.encoder.VisionTower;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * Times a vision tower of a real shape with random weights, from pixel values to joined hidden
 * states (Dense Channel Integration). Preprocessing and projector are not in it.
 */
public final class EncoderBench {
  private EncoderBench() {}

  /**
   * What is measured.
   *
   * @param shape one of {@link #shapes()}
   * @param batch frames per call
   * @param warmUps calls not counted
   * @param repetitions calls counted
   */
  public record Plan(String shape, Precision precision, int batch, int warmUps, int repetitions) {
    public Plan {
      requireNonNull(shape, "shape is null");
      requireNonNull(precision, "precision is null");
      if (batch < 1 || warmUps < 0 || repetitions < 1) {
        throw new IllegalArgumentException(
            "batch and repetitions must be at least 1: was " + batch + ", " + repetitions);
      }
    }
  }

  /**
   * What came out, over the repetitions.
   *
   * @param millisPerFrame median
   * @param fastestMillis per frame, of the fastest call
   * @param slowestMillis per frame, of the slowest call
   * @param gigaflopsPerSecond multiplications and additions of matrix products, at the median
   * @param memory follows from the shape and the connector, is not measured; of a processor, which
   *     adds states up as they come
   */
  public record Outcome(
      Plan plan,
      int threads,
      double millisPerFrame,
      double fastestMillis,
      double slowestMillis,
      double gigaflopsPerSecond,
      Optional<TowerMemory> memory) {}

  public static Set<String> shapes() {
    return Set.of("clip-l-336", "siglip-so400m-384");
  }

  private static TowerConfig tower(String shape) {
    return switch (shape) {
      case "clip-l-336" -> TowerConfig.CLIP_L_336;
      case "siglip-so400m-384" -> TowerConfig.SIGLIP_SO400M_384;
      default -> throw new IllegalArgumentException("shape must be one of " + shapes());
    };
  }

  /** Runs the plan on the runtime's threads. */
  public static Outcome run(TensorRuntime runtime, Plan plan) {
    TowerConfig config = tower(plan.shape());
    StateSelection states = ConnectorKind.DCI.states(config.family(), config.layers() - 1);
    try (VisionTower tower =
            VisionTower.load(runtime, Weights.random(), config, plan.precision(), states.last());
        DenseConnector connector = new DenseConnector(runtime, ConnectorKind.DCI);
        Tensor pixels = pixels(runtime, plan.batch(), config.side())) {
      double[] millis = new double[plan.repetitions()];
      for (int i = -plan.warmUps(); i < millis.length; i++) {
        long begin = System.nanoTime();
        connector.join(tower.encode(pixels, states)).close();
        runtime.await();
        if (i >= 0) {
          millis[i] = (System.nanoTime() - begin) / 1e6 / plan.batch();
        }
      }
      Arrays.sort(millis);
      double median = (millis[(millis.length - 1) / 2] + millis[millis.length / 2]) / 2;
      return new Outcome(
          plan,
          runtime.threads(),
          median,
          millis[0],
          millis[millis.length - 1],
          config.flops(states.last()) / median / 1e6,
          runtime.onGpu()
              ? Optional.empty()
              : Optional.of(TowerMemory.of(config, states, plan.precision())));
    }
  }

  private static Tensor pixels(TensorRuntime runtime, int batch, int side) {
    float[] values = new float[batch * 3 * side * side];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 7919L % 2000) / 1000f - 1;
    }
    return runtime.floats(values, batch, 3, side, side);
  }
}
