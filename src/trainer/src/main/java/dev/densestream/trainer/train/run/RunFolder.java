package dev.densestream.trainer.train.run;

import dev.densestream.trainer.train.model.Parameter;
import dev.densestream.visionpipeline.ElementType;
import dev.densestream.visionpipeline.TensorFile;
import dev.densestream.visionpipeline.TensorValues;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a training leaves behind: the config it follows, its state from which it goes on, and the
 * model as it is at that moment. A state that is there stays whole until the next one is.
 */
public final class RunFolder {
  private static final String STEP = "step";
  private static final String MILLIS = "millis";

  private final Path folder;

  public RunFolder(Path folder) {
    this.folder = folder;
  }

  private Path config() {
    return folder.resolve("config.json");
  }

  private Path state() {
    return folder.resolve("state.safetensors");
  }

  /** Where the model is. */
  public Path model() {
    return folder.resolve("model");
  }

  /** Whether a training may go on by another config than it began with. */
  @FunctionalInterface
  interface Succession {
    /** Decides by what both say of the steps that are done. */
    boolean goesOn(String before, String now, int done);
  }

  /**
   * Claims the folder.
   *
   * @param resume whether a training may be there already
   * @throws IllegalArgumentException if there is one and it may not, or it follows another config
   */
  public void open(String config, boolean resume) {
    open(config, resume, (before, now, _) -> before.equals(now));
  }

  /** Claims the folder for a config that may differ in what is still to come. */
  void open(String config, boolean resume, Succession succession) {
    try {
      Files.createDirectories(folder);
      if (Files.exists(state()) && !resume) {
        throw new IllegalArgumentException(
            folder + " holds a training; add --resume to go on with it, or name another folder");
      }
      if (Files.exists(state())) {
        requireSuccession(config, succession);
      }
      Files.writeString(config(), config);
    } catch (IOException e) {
      throw new IllegalArgumentException(folder + " cannot be written", e);
    }
  }

  private void requireSuccession(String config, Succession succession) throws IOException {
    if (!Files.exists(config())) {
      throw new IllegalArgumentException(
          folder + " holds a training without its config.json; name another folder");
    }
    if (!succession.goesOn(Files.readString(config()), config, read().step())) {
      throw new IllegalArgumentException(
          folder + " holds a training by another config; name another folder");
    }
  }

  /** A training's state. */
  public record State(TensorFile tensors) {
    /** The next one. */
    public int step() {
      return (int) tensors.longs(STEP)[0];
    }

    /** Time spent. */
    public long millis() {
      return tensors.longs(MILLIS)[0];
    }

    /** A parameter's values. */
    public float[] first(Parameter parameter) {
      return tensors.floats(parameter.key());
    }

    /** The optimiser's means by key. */
    public Function<String, float[]> moments() {
      return tensors::floats;
    }
  }

  /** Whether a training can be gone on with. */
  public boolean hasState() {
    return Files.exists(state());
  }

  /** Reads it. */
  public State read() {
    return new State(TensorFile.open(state()));
  }

  /**
   * Writes a state.
   *
   * @param parameters all that have values
   * @param moments the optimiser's means by key; none if they are of no use later
   * @param step of all stages together that is next
   */
  public void write(
      List<Parameter> parameters,
      Map<String, float[]> values,
      Map<String, float[]> moments,
      int step,
      long millis) {
    Map<String, Long> numbers = new LinkedHashMap<>();
    numbers.put(STEP, (long) step);
    numbers.put(MILLIS, millis);
    Stream<TensorValues> means =
        moments.entrySet().stream().map(entry -> flat(entry.getKey(), entry.getValue()));
    List<TensorValues> tensors =
        Stream.concat(parameters.stream().map(p -> p.with(values)), means).toList();
    try {
      TensorFile.write(state(), ElementType.FP32, numbers, tensors);
    } catch (IOException e) {
      throw new UncheckedIOException(state() + " cannot be written", e);
    }
  }

  /** Keeps the state as it is, for whoever wants to do again what came after a stage. */
  void keepStateAfter(String stage) {
    Path kept = folder.resolve("state-after-" + stage + ".safetensors");
    try {
      Files.copy(state(), kept, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(kept + " cannot be written", e);
    }
  }

  private static TensorValues flat(String key, float[] values) {
    return new TensorValues(key, new long[] {values.length}, values);
  }
}
