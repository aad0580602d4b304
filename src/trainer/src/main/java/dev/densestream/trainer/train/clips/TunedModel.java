package dev.densestream.trainer.train.clips;

import dev.densestream.trainer.train.model.Parameter;
import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.ElementType;
import dev.densestream.visionpipeline.TensorFile;
import dev.densestream.visionpipeline.TensorValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A model directory beside the one it was made from: the same files, and the projector that was
 * learnt in the place where the published format has it. That is among the weights, in the file
 * that holds it there, which is written anew; beside a language model that has none it is {@code
 * mm_projector.bin}, as the original's first stage leaves it.
 */
final class TunedModel {
  private static final String PROJECTOR = "mm_projector";

  /** Weights in the format that is passed over where the other one is there. */
  private static final String PASSED_OVER = "pytorch_model";

  /** Files as large as this are weights, which nobody edits: they are linked. */
  private static final long LINKED = 16L << 20;

  private final Path directory;
  private final Checkpoint source;

  /** What is learnt, by the name of the file that holds it. */
  private final Map<String, List<Parameter>> learnt = new TreeMap<>();

  /**
   * A directory to come.
   *
   * @param source the model it is made from
   * @param projector all that is learnt
   * @throws dev.densestream.visionpipeline.CheckpointException if the source has another projector
   */
  TunedModel(Path directory, Checkpoint source, List<Parameter> projector) {
    this.directory = directory;
    this.source = source;
    boolean stored = source.keys().stream().anyMatch(key -> key.startsWith("model." + PROJECTOR));
    for (Parameter parameter : projector) {
      String file = stored ? name(source.fileOf(parameter.key())) : PROJECTOR + ".bin";
      learnt.computeIfAbsent(file, _ -> new ArrayList<>()).add(parameter);
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  /**
   * Puts everything but the projector there.
   *
   * @param tower the vision tower's directory, where it has one
   */
  void take(Optional<Path> tower) throws IOException {
    Path from = source.directory().toRealPath();
    copy(from, directory, true);
    if (tower.isPresent() && !tower.get().toRealPath().startsWith(from)) {
      copy(tower.get(), directory.resolve(name(tower.get())), false);
    }
  }

  private void copy(Path from, Path to, boolean top) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(name(file));
        if (Files.isDirectory(file)) {
          copy(file, target, false);
        } else if (!(top && holdsProjector(name(file))) && !Files.exists(target)) {
          link(file.toRealPath(), target);
        }
      }
    }
  }

  /** The one that is learnt, or an older one, which nobody is to find. */
  private boolean holdsProjector(String file) {
    boolean passedOver = learnt.keySet().stream().anyMatch(one -> one.endsWith(".safetensors"));
    return learnt.containsKey(file)
        || file.startsWith(PROJECTOR)
        || (passedOver && file.startsWith(PASSED_OVER));
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

  /** Writes the files that hold the projector, in the types they have there. */
  void write(Map<String, float[]> values) throws IOException {
    for (Map.Entry<String, List<Parameter>> entry : learnt.entrySet()) {
      Path file = directory.resolve(entry.getKey());
      List<TensorValues> tensors =
          entry.getValue().stream().map(parameter -> parameter.with(values)).toList();
      if (source.has(tensors.getFirst().key())) {
        TensorFile.rewrite(source.fileOf(tensors.getFirst().key()), file, tensors);
      } else {
        TensorFile.write(file, ElementType.FP32, tensors);
      }
    }
  }
}
