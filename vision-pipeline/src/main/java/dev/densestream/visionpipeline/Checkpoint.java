package dev.densestream.visionpipeline;

import dev.densestream.visionpipeline.checkpoint.CheckpointDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;

/** A model directory in the original format. Weights are mapped, not read, until they are used. */
public interface Checkpoint extends Weights {
  /**
   * Reads {@code config.json} and the headers of all weight files.
   *
   * @throws CheckpointException if anything in them does not hold together
   */
  static Checkpoint open(Path directory) {
    return CheckpointDirectory.open(directory);
  }

  /**
   * One weight file by itself, with no config beside it that concerns us.
   *
   * @throws CheckpointException if it is not well formed
   */
  static Weights openFile(Path file) {
    return CheckpointDirectory.openFile(file);
  }

  /** Whether a directory has weights in a format that can be read. */
  static boolean hasWeights(Path directory) {
    return CheckpointDirectory.hasWeights(directory);
  }

  Path directory();

  ModelConfig config();

  SortedSet<String> keys();

  /** The file that holds a tensor. @throws CheckpointException if there is no such key */
  Path fileOf(String key);

  /** Sizes by dimension. @throws CheckpointException if there is no such key */
  List<Long> shape(String key);
}
