package dev.densestream.visionpipeline.parity;

import dev.densestream.framesampler.ParityResult;
import dev.densestream.visionpipeline.ModelConfig;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorFile;
import dev.densestream.visionpipeline.encoder.StateSelection;
import dev.densestream.visionpipeline.encoder.VisionTower;
import dev.densestream.visionpipeline.preprocess.FramePreparation;
import java.util.ArrayList;
import java.util.List;

/** Kinds {@code clip} and {@code siglip}: every hidden state, from pixels of our own. */
public final class TowerParity implements ParityKind {
  @Override
  public List<ParityResult> run(ParityRun run) {
    Fixtures fixtures = run.fixtures();
    ModelConfig settings = fixtures.settings(run.kind());
    TensorFile reference = run.reference("reference.safetensors");
    String towerName = settings.string("vision_tower");
    int states = settings.positive("num_hidden_states");
    boolean pad = settings.string("image_aspect_ratio", "square").equals("pad");
    FramePreparation preparation = fixtures.preparation(towerName, pad);
    List<ParityResult> results = new ArrayList<>();
    try (VisionTower tower = fixtures.tower(run.runtime(), towerName, states - 1);
        Tensor pixels = Fixtures.pixels(run.runtime(), preparation, fixtures.images(settings))) {
      results.add(
          run.compare(
              "pixel_values",
              Difference.between(pixels, reference, "pixel_values"),
              Fixtures.PIXEL_TOLERANCE));
      Difference worst = states(tower, pixels, reference, states);
      results.add(
          run.compare("hidden_states.0.." + (states - 1), worst, Fixtures.TENSOR_TOLERANCE));
      int base = settings.integer("selected_hidden_state");
      List<Tensor> kept = tower.encode(pixels, new StateSelection(base, List.of()));
      try (Tensor selected = kept.getFirst()) {
        results.add(
            run.compare(
                "selected",
                Difference.between(selected, reference, "selected"),
                Fixtures.TENSOR_TOLERANCE));
      }
    }
    return results;
  }

  private static Difference states(
      VisionTower tower, Tensor pixels, TensorFile reference, int states) {
    List<Tensor> actual = tower.hiddenStates(pixels);
    Difference worst = new Difference(0, "");
    if (actual.size() != states) {
      worst = new Difference(Double.POSITIVE_INFINITY, actual.size() + " states");
    }
    for (int i = 0; i < actual.size(); i++) {
      try (Tensor state = actual.get(i)) {
        String key = "hidden_states." + i;
        worst = worst.orWorse(Difference.between(state, reference, key), "largest in " + key);
      }
    }
    return worst;
  }
}
