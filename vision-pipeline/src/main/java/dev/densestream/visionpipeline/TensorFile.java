package dev.densestream.visionpipeline;

import dev.densestream.visionpipeline.checkpoint.WeightFile;
import dev.densestream.visionpipeline.checkpoint.WrittenFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/**
 * One file of tensors, safetensors or PyTorch's {@code .bin}, read into Java arrays: reference
 * tensors rather than weights. Files of either kind are written too.
 */
public interface TensorFile {
  /** Checks all but the elements. @throws CheckpointException if the file is not well formed */
  static TensorFile open(Path file) {
    return WeightFile.open(file);
  }

  /**
   * Writes a file in the format its name tells as {@link #open} reads it. One that is there already
   * stays whole until the new one is.
   *
   * @param type of all tensors' elements, rounded to the nearest
   */
  static void write(Path file, ElementType type, List<TensorValues> tensors) throws IOException {
    WrittenFile.write(file, type, Map.of(), tensors);
  }

  /**
   * The same, with whole numbers before the tensors, each a tensor of one I64.
   *
   * @param numbers by key, in their order
   */
  static void write(
      Path file, ElementType type, Map<String, Long> numbers, List<TensorValues> tensors)
      throws IOException {
    WrittenFile.write(file, type, numbers, tensors);
  }

  /**
   * Writes a copy in which some tensors have other values, and another shape if need be, rounded to
   * the types they have there. A stream: memory holds what is replaced. The formats of both files
   * are those their names tell.
   *
   * @throws CheckpointException if the file is not well formed or lacks one of them
   */
  static void rewrite(Path from, Path to, List<TensorValues> replaced) throws IOException {
    WrittenFile.rewrite(from, to, replaced);
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
