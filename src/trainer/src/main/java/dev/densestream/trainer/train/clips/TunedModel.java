package dev.densestream.trainer.train.clips;

import dev.densestream.trainer.train.model.Parameter;
import dev.densestream.trainer.train.model.TensorWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A model directory beside the one it was made from: the same files, and the projector that was
 * learnt in a file of its own, as the original's first stage leaves it.
 */
final class TunedModel {
  private static final String PROJECTOR = "mm_projector";

  /** Files as large as this are weights, which nobody edits: they are linked. */
  private static final long LINKED = 16L << 20;

  private final Path directory;

  TunedModel(Path directory) {
    this.directory = directory;
  }

  /**
   * Puts everything but the projector there.
   *
   * @param tower the vision tower's directory, where it has one
   */
  void take(Path model, Optional<Path> tower) throws IOException {
    copy(model, directory);
    Path from = model.toRealPath();
    if (tower.isPresent() && !tower.get().toRealPath().startsWith(from)) {
      copy(tower.get(), directory.resolve(String.valueOf(tower.get().getFileName())));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName());
        if (Files.isDirectory(file)) {
          copy(file, to.resolve(name));
        } else if (!name.startsWith(PROJECTOR) && !Files.exists(to.resolve(name))) {
          link(file.toRealPath(), to.resolve(name));
        }
      }
    }
  }

  private static void link(Path file, Path to) throws IOException {
    if (Files.size(file) >= LINKED) {
      try {
        Files.createLink(to, file);
        return;
      } catch (IOException | UnsupportedOperationException _) {
        // another file system, or one without links
      }
    }
    Files.copy(file, to);
  }

  /** In float32, as it was learnt. */
  void write(List<Parameter> parameters, Map<String, float[]> values) throws IOException {
    TensorWriter writer = new TensorWriter();
    for (Parameter parameter : parameters) {
      float[] own = values.get(parameter.key());
      if (own == null) {
        throw new IllegalArgumentException("no values of " + parameter.key());
      }
      writer.floats(parameter.key(), parameter.shape(), own);
    }
    writer.write(directory.resolve(PROJECTOR + ".safetensors"));
  }
}
