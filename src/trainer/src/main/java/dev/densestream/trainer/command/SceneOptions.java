package dev.densestream.trainer.command;

import dev.densestream.trainer.world.Scene;
import dev.densestream.trainer.world.Split;
import picocli.CommandLine.Option;

/** Which scenes, and what of them a viewer sees: with equal ones the same is true. */
final class SceneOptions {
  @Option(names = "--seed", description = "Which scenes (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(names = "--split", description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Split split = Split.TEST;

  @Option(
      names = "--frames",
      paramLabel = "N",
      description =
          "Frames of each scene that a viewer is taken to look at (default: ${DEFAULT-VALUE}).")
  private int frames = 8;

  long seed() {
    return seed;
  }

  Split split() {
    return split;
  }

  int frames() {
    return frames;
  }

  /** Seconds of the frames that are looked at. */
  double[] times(Scene scene) {
    return scene.middles(frames);
  }
}
