package dev.densestream.visionpipeline.parity;

import dev.densestream.framesampler.ParityResult;
import dev.densestream.visionpipeline.ModelConfig;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorFile;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.connector.ConnectorKind;
import dev.densestream.visionpipeline.connector.DenseConnector;
import dev.densestream.visionpipeline.encoder.StateSelection;
import dev.densestream.visionpipeline.encoder.TowerConfig;
import dev.densestream.visionpipeline.encoder.TowerFamily;
import dev.densestream.visionpipeline.encoder.VisionTower;
import dev.densestream.visionpipeline.projector.Projector;
import dev.densestream.visionpipeline.projector.TokenPooling;
import java.util.ArrayList;
import java.util.List;

/**
 * Kinds {@code connector} and {@code connector-full-grid}: images through tower, connector,
 * projector and pooling, compared after each.
 */
public final class ConnectorParity implements ParityKind {
  @Override
  public List<ParityResult> run(ParityRun run) {
    List<ParityResult> results = new ArrayList<>();
    ModelConfig cases = run.fixtures().settings(run.kind());
    for (String encoder : cases.json().propertyNames()) {
      results.addAll(encoder(run, encoder, cases.section(encoder)));
    }
    return results;
  }

  private static List<ParityResult> encoder(ParityRun run, String encoder, ModelConfig settings) {
    Fixtures fixtures = run.fixtures();
    String towerName = settings.string("vision_tower");
    TowerConfig config = fixtures.towerConfig(towerName);
    boolean pad = settings.string("image_aspect_ratio", "square").equals("pad");
    // CLIP's second last state, mm_vision_select_layer -2; SigLIP's last of those that are run.
    int base = config.layers() - 1;
    List<ParityResult> results = new ArrayList<>();
    try (VisionTower tower =
            fixtures.tower(run.runtime(), towerName, lastState(settings, config.family(), base));
        Tensor pixels =
            Fixtures.pixels(
                run.runtime(), fixtures.preparation(towerName, pad), fixtures.images(settings))) {
      for (String type : settings.section("shapes").json().propertyNames()) {
        Row row = new Row(run, encoder, type, settings.positive("llm_hidden"));
        results.addAll(row.compare(tower, pixels, base));
      }
    }
    return results;
  }

  /** The last one that any of the connectors needs. */
  private static int lastState(ModelConfig settings, TowerFamily family, int base) {
    int last = base;
    for (String type : settings.section("shapes").json().propertyNames()) {
      last = Math.max(last, ConnectorKind.of(type).states(family, base).last());
    }
    return last;
  }

  /** One encoder with one connector. */
  private record Row(ParityRun run, String encoder, String type, int width) {
    List<ParityResult> compare(VisionTower tower, Tensor pixels, int base) {
      TensorRuntime runtime = run.runtime();
      TensorFile reference = run.reference(encoder + ".safetensors");
      TowerConfig config = tower.config();
      ConnectorKind kind = ConnectorKind.of(type);
      TowerFamily family = config.family();
      StateSelection states = kind.states(family, base);
      List<ParityResult> results = new ArrayList<>();
      try (DenseConnector connector = new DenseConnector(runtime, kind);
          Projector projector =
              Projector.load(
                  runtime,
                  new StoredWeights(reference).under(type + "."),
                  Precision.FP32,
                  "mlp2x_gelu",
                  kind.width(config.width()),
                  width);
          Tensor joined = connector.join(tower.encode(pixels, states));
          Tensor projected = projector.project(joined)) {
        results.add(result(reference, "connector", joined));
        results.add(result(reference, "projected", projected));
        results.addAll(pooled(reference, projector, joined, config.grid()));
      }
      return results;
    }

    private List<ParityResult> pooled(
        TensorFile reference, Projector projector, Tensor joined, int grid) {
      List<ParityResult> results = new ArrayList<>();
      if (reference.keys().contains(type + ".efficient")) {
        try (TokenPooling pooling = new TokenPooling(run.runtime());
            Tensor few = pooling.halveGrid(projector.project(joined), grid)) {
          results.add(result(reference, "efficient", few));
        }
      }
      try (TokenPooling pooling = new TokenPooling(run.runtime());
          Tensor few = pooling.pairwiseMax(projector.project(joined));
          Tensor oneRow = frameAfterFrame(few)) {
        results.add(result(reference, "video_pooled", oneRow));
      }
      return results;
    }

    /** {@code [T, N, C]} to {@code [1, T N, C]}: frames joined in time order. */
    private Tensor frameAfterFrame(Tensor frames) {
      long[] shape = frames.shape();
      return run.runtime().floats(frames.toFloats(), 1, shape[0] * shape[1], shape[2]);
    }

    private ParityResult result(TensorFile reference, String what, Tensor actual) {
      return run.compare(
          encoder + "." + type + "." + what,
          Difference.between(actual, reference, type + "." + what),
          Fixtures.TENSOR_TOLERANCE);
    }
  }
}
