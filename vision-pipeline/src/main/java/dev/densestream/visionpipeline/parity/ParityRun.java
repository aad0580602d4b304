package dev.densestream.visionpipeline.parity;

import dev.densestream.framesampler.ParityResult;
import dev.densestream.visionpipeline.TensorFile;
import dev.densestream.visionpipeline.TensorRuntime;
import java.nio.file.Path;

/** One kind's folder, and what to run it on. */
public record ParityRun(TensorRuntime runtime, Path golden, String kind) {
  Fixtures fixtures() {
    return new Fixtures(golden);
  }

  /** Whether the fixtures have this kind at all. */
  public boolean isPresent() {
    return fixtures().has(kind);
  }

  TensorFile reference(String file) {
    return TensorFile.open(golden.resolve(kind).resolve(file));
  }

  ParityResult compare(String name, Difference difference, double tolerance) {
    return new ParityResult(kind, name, difference.largest(), tolerance, difference.detail());
  }
}
