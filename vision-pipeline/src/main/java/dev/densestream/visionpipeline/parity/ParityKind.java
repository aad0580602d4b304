package dev.densestream.visionpipeline.parity;

import dev.densestream.framesampler.ParityResult;
import java.util.List;

/** What is done with a fixture folder of one kind. */
public interface ParityKind {
  List<ParityResult> run(ParityRun run);
}
