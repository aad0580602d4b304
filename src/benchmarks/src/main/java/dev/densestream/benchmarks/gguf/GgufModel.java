package dev.densestream.benchmarks.gguf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a file holds: metadata in order, and the tensors in order. */
public record GgufModel(Map<String, GgufValue> metadata, List<GgufTensor> tensors) {
  public GgufModel {
    metadata = new LinkedHashMap<>(metadata);
    tensors = List.copyOf(tensors);
  }

  /**
   * Writes the model with values drawn from the seed, a block at a time. The file appears under its
   * name only when it is complete.
   */
  public void write(Path file, long seed) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try (GgufWriter writer = new GgufWriter(part)) {
      writer.write(this, seed);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
