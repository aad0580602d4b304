package dev.densestream.visionpipeline;

import dev.densestream.framesampler.ParityResult;
import dev.densestream.visionpipeline.parity.ConnectorParity;
import dev.densestream.visionpipeline.parity.MiningParity;
import dev.densestream.visionpipeline.parity.ParityKind;
import dev.densestream.visionpipeline.parity.ParityRun;
import dev.densestream.visionpipeline.parity.PreprocessParity;
import dev.densestream.visionpipeline.parity.ResolutionParity;
import dev.densestream.visionpipeline.parity.TowerParity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Compares this module with the original code's outputs in a fixture folder. */
public final class VisionParity {
  private static final Map<String, ParityKind> KINDS = kinds();

  private VisionParity() {}

  private static Map<String, ParityKind> kinds() {
    Map<String, ParityKind> kinds = new LinkedHashMap<>();
    kinds.put("preprocess", new PreprocessParity());
    kinds.put("clip", new TowerParity());
    kinds.put("siglip", new TowerParity());
    kinds.put("connector", new ConnectorParity());
    kinds.put("connector-full-grid", new ConnectorParity());
    kinds.put("resolutions", new ResolutionParity());
    kinds.put("mining", new MiningParity());
    return kinds;
  }

  /** Folder names this module knows what to do with. */
  public static Set<String> supported() {
    return Set.copyOf(KINDS.keySet());
  }

  /**
   * All comparisons of the wanted kinds that the folder has.
   *
   * @throws CheckpointException if a fixture cannot be read
   */
  public static List<ParityResult> run(
      RuntimeSettings settings, Path goldenDirectory, Predicate<String> kinds) {
    try (TensorRuntime runtime = TensorRuntime.open(settings)) {
      return run(runtime, goldenDirectory, kinds);
    }
  }

  /** As above, on a runtime that is open already. */
  public static List<ParityResult> run(
      TensorRuntime runtime, Path goldenDirectory, Predicate<String> kinds) {
    List<ParityResult> results = new ArrayList<>();
    KINDS.forEach(
        (kind, comparison) -> {
          ParityRun run = new ParityRun(runtime, goldenDirectory, kind);
          if (kinds.test(kind) && run.isPresent()) {
            results.addAll(comparison.run(run));
          }
        });
    return results;
  }
}
