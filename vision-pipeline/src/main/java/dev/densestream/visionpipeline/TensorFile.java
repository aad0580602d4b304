package dev.densestream.visionpipeline;

import dev.densestream.visionpipeline.checkpoint.WeightFile;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;

/**
 * One file of tensors, safetensors or PyTorch's {@code .bin}, read into Java arrays: reference
 * tensors rather than weights.
 */
public interface TensorFile {
  /** Checks all but the elements. @throws CheckpointException if the file is not well formed */
  static TensorFile open(Path file) {
    return WeightFile.open(file);
  }

  SortedSet<String> keys();

  /** Sizes by dimension. @throws CheckpointException if there is no such key */
  List<Long> shape(String key);

  /** Stored as F32, F16 or BF16. */
  float[] floats(String key);

  /** Stored as I64. */
  long[] longs(String key);

  /** Stored as U8. */
  byte[] bytes(String key);
}
