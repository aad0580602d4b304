package dev.densestream.visionpipeline.parity;

import dev.densestream.framesampler.ParityResult;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorFile;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.Weights;
import dev.densestream.visionpipeline.mining.PatchMining;
import java.util.ArrayList;
import java.util.List;

/** Kind {@code mining}: what low-resolution tokens take from a high-resolution map. */
public final class MiningParity implements ParityKind {
  @Override
  public List<ParityResult> run(ParityRun run) {
    TensorFile reference = run.reference("reference.safetensors");
    TensorRuntime runtime = run.runtime();
    Weights weights = new StoredWeights(reference).under("model.");
    int channels = Math.toIntExact(reference.shape("low").getLast());
    int cells = Math.toIntExact(reference.shape("high").get(1));
    List<ParityResult> results = new ArrayList<>();
    try (PatchMining mining = PatchMining.load(runtime, weights, Precision.FP32, channels, cells);
        Tensor low = StoredWeights.tensor(runtime, reference, "low");
        Tensor high = StoredWeights.tensor(runtime, reference, "high");
        Tensor mined = mining.mined(low, high);
        Tensor sum = mining.add(low, mined)) {
      results.add(result(run, reference, "mined", mined));
      results.add(result(run, reference, "low_plus_mined", sum));
    }
    return results;
  }

  private static ParityResult result(
      ParityRun run, TensorFile reference, String key, Tensor actual) {
    return run.compare(key, Difference.between(actual, reference, key), Fixtures.TENSOR_TOLERANCE);
  }
}
