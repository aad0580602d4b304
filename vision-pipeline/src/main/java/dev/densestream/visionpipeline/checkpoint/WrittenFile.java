package dev.densestream.visionpipeline.checkpoint;

import dev.densestream.visionpipeline.ElementType;
import dev.densestream.visionpipeline.TensorValues;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A weight file that is written, in the format its name tells. One that is there already stays
 * whole until the new one is.
 */
public final class WrittenFile {
  private WrittenFile() {}

  /** Whole numbers, each a tensor of one, and then tensors of one type. */
  public static void write(
      Path file, ElementType type, Map<String, Long> numbers, List<TensorValues> tensors)
      throws IOException {
    StoredType stored = StoredType.of(type);
    put(
        file,
        Stream.concat(
                numbers.entrySet().stream()
                    .map(number -> TensorContent.of(number.getKey(), number.getValue())),
                tensors.stream().map(tensor -> TensorContent.of(tensor, stored)))
            .toList());
  }

  /**
   * The tensors of another file in their order, some with other values and perhaps of another
   * shape, all of the types they have there.
   */
  public static void rewrite(Path from, Path to, List<TensorValues> replaced) throws IOException {
    WeightFile file = WeightFile.open(from);
    Map<String, TensorValues> values =
        replaced.stream().collect(Collectors.toMap(TensorValues::key, Function.identity()));
    values.keySet().forEach(file::stored); // each must be there
    put(to, file.inOrder().map(stored -> content(file, stored, values)).toList());
  }

  private static TensorContent content(
      WeightFile file, StoredTensor stored, Map<String, TensorValues> values) {
    TensorValues own = values.get(stored.key());
    if (own == null) {
      return new TensorContent(stored.key(), stored.type(), stored.shape(), file.elements(stored));
    }
    if (stored.type().weight().isEmpty()) {
      throw file.wrongType(stored);
    }
    return TensorContent.of(own, stored.type());
  }

  private static void put(Path file, List<TensorContent> tensors) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16)) {
        if (String.valueOf(file.getFileName()).endsWith(".bin")) {
          TorchWriter.write(out, tensors);
        } else {
          SafetensorsWriter.write(out, tensors);
        }
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
