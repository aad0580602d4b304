package dev.densestream.trainer.train.run;

import dev.densestream.trainer.train.model.Parameter;
import dev.densestream.trainer.train.model.TensorWriter;
import dev.densestream.trainer.train.program.Trainee;
import dev.densestream.visionpipeline.TensorFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

/**
 * What a training leaves behind: the config it follows, its state from which it goes on, and the
 * model as it is at that moment. A state that is there stays whole until the next one is.
 */
final class RunFolder {
  private static final String STEP = "step";
  private static final String MILLIS = "millis";

  private final Path folder;

  RunFolder(Path folder) {
    this.folder = folder;
  }

  private Path config() {
    return folder.resolve("config.json");
  }

  private Path state() {
    return folder.resolve("state.safetensors");
  }

  Path model() {
    return folder.resolve("model");
  }

  /**
   * @param resume whether a training may be there already
   * @throws IllegalArgumentException if there is one and it may not, or it follows another config
   */
  void open(String config, boolean resume) {
    try {
      Files.createDirectories(folder);
      if (Files.exists(state()) && !resume) {
        throw new IllegalArgumentException(
            folder + " holds a training; add --resume to go on with it, or name another folder");
      }
      if (Files.exists(state()) && !Files.readString(config()).equals(config)) {
        throw new IllegalArgumentException(
            folder + " holds a training by another config; name another folder");
      }
      Files.writeString(config(), config);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be used", e);
    }
  }

  /** A training's state. */
  record State(TensorFile tensors) {
    int step() {
      return (int) tensors.longs(STEP)[0];
    }

    /** Time spent. */
    long millis() {
      return tensors.longs(MILLIS)[0];
    }

    float[] first(Parameter parameter) {
      return tensors.floats(parameter.key());
    }

    Function<String, float[]> moments() {
      return tensors::floats;
    }
  }

  boolean hasState() {
    return Files.exists(state());
  }

  State read() {
    return new State(TensorFile.open(state()));
  }

  /**
   * @param step of all stages together that is next
   * @param moments whether the optimiser's means are of use later
   */
  void write(Trainee trainee, int step, long millis, boolean moments) {
    TensorWriter writer = new TensorWriter().number(STEP, step).number(MILLIS, millis);
    Map<String, float[]> values = trainee.values();
    trainee.table().all().forEach(p -> writer.floats(p.key(), p.shape(), of(values, p.key())));
    if (moments) {
      trainee.moments().forEach((key, own) -> writer.floats(key, new long[] {own.length}, own));
    }
    try {
      writer.write(state());
    } catch (IOException e) {
      throw new UncheckedIOException(state() + " cannot be written", e);
    }
  }

  private static float[] of(Map<String, float[]> values, String key) {
    float[] own = values.get(key);
    if (own == null) {
      throw new IllegalStateException("no values of " + key);
    }
    return own;
  }
}
