package dev.densestream.visionpipeline.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.ModelConfig;
import dev.densestream.visionpipeline.NativeHandles;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.connector.ConnectorKind;
import dev.densestream.visionpipeline.connector.DenseConnector;
import dev.densestream.visionpipeline.encoder.StateSelection;
import dev.densestream.visionpipeline.encoder.TowerConfig;
import dev.densestream.visionpipeline.encoder.VisionTower;
import dev.densestream.visionpipeline.projector.Projector;
import dev.densestream.visionpipeline.reference.MadeWeights;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What fewer bits change in the dense connector's output, on the fixtures' towers and images. */
@ExtendWith(NativeHandles.class)
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
class ConnectorPrecisionTest {
  private static final Fixtures FIXTURES =
      new Fixtures(Path.of(System.getProperty("densestream.fixtures")).resolve("golden"));

  @ParameterizedTest
  @CsvSource({"clip", "siglip"})
  void staysNearFullPrecision(String kind, TensorRuntime runtime) {
    float[] exact = joined(runtime, kind, Precision.FP32, 0, "identity");

    assertThat(error(exact, joined(runtime, kind, Precision.BF16, 0, "identity")))
        .isBetween(1e-4, 0.02);
    assertThat(error(exact, joined(runtime, kind, Precision.INT8, 0, "identity")))
        .isBetween(1e-4, 0.03);
    // The control: the state before that is another.
    assertThat(error(exact, joined(runtime, kind, Precision.INT8, 1, "identity")))
        .isGreaterThan(0.05);
  }

  @ParameterizedTest
  @CsvSource({"FP32", "BF16", "FP16", "INT8"})
  void leavesInTheTypeOfTheProjectorsWeights(Precision precision, TensorRuntime runtime) {
    assertThat(joined(runtime, "clip", precision, 0, "linear")).doesNotContain(Float.NaN);
  }

  /**
   * @param before how many states before the usual one the base is
   */
  private static float[] joined(
      TensorRuntime runtime, String kind, Precision precision, int before, String projector) {
    ModelConfig settings = FIXTURES.settings(kind);
    String name = settings.string("vision_tower");
    TowerConfig config = FIXTURES.towerConfig(name);
    boolean pad = settings.string("image_aspect_ratio", "square").equals("pad");
    StateSelection states = ConnectorKind.DCI.states(config.family(), config.layers() - 1 - before);
    int width = ConnectorKind.DCI.width(config.width());
    Checkpoint weights = Checkpoint.open(FIXTURES.towerFolder(name));
    MadeWeights made = new MadeWeights(new Random(1));
    try (VisionTower tower = VisionTower.load(runtime, weights, config, precision, states.last());
        DenseConnector connector = new DenseConnector(runtime, ConnectorKind.DCI);
        Projector last = Projector.load(runtime, made, precision, projector, width, width);
        Tensor pixels =
            Fixtures.pixels(runtime, FIXTURES.preparation(name, pad), FIXTURES.images(settings));
        Tensor joined = connector.join(tower.encode(pixels, states));
        Tensor tokens = last.project(joined)) {
      return tokens.toFloats();
    }
  }

  /** Relative, root mean square. */
  private static double error(float[] exact, float[] actual) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < exact.length; i++) {
      difference += Math.pow(actual[i] - exact[i], 2);
      size += Math.pow(exact[i], 2);
    }
    return Math.sqrt(difference / size);
  }
}
