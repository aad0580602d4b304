package dev.densestream.answerservice.model;

import dev.densestream.answerservice.AnswerModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The model that comes inside the application: a small one, trained by {@code src/trainer} on a
 * synthetic world. Its folder says how it was made.
 */
public final class DemoModel {
  private static final String FOLDER = "/demo/model/";

  private DemoModel() {}

  /**
   * Copies the model out of the application, loads it, and deletes the copy: weights stay mapped.
   *
   * @param load gets the directory
   */
  public static AnswerModel unpackedWhile(Function<Path, AnswerModel> load) {
    try {
      Path directory = Files.createTempDirectory("densestream-demo-model");
      try {
        unpack(directory);
        return load.apply(directory);
      } finally {
        delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the demo model cannot be copied to the temporary folder", e);
    }
  }

  /** Copies the model into a directory, to be looked at or used from there. */
  public static void unpack(Path directory) throws IOException {
    for (String name : DemoModelFiles.NAMES) {
      try (@Nullable InputStream in = DemoModel.class.getResourceAsStream(FOLDER + name)) {
        if (in == null) {
          throw new IllegalStateException("the build left out " + FOLDER + name);
        }
        Path file = directory.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.copy(in, file);
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    for (String name : DemoModelFiles.NAMES) {
      Files.deleteIfExists(directory.resolve(name));
    }
    for (String folder : List.of(DemoModelFiles.TOWER, "")) {
      Files.deleteIfExists(directory.resolve(folder));
    }
  }
}
