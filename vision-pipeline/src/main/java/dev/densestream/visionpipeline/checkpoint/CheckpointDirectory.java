package dev.densestream.visionpipeline.checkpoint;

import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.ElementType;
import dev.densestream.visionpipeline.ModelConfig;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;

/** One file, or shards and the index that says which key is in which. */
public final class CheckpointDirectory implements Checkpoint {
  private final Path directory;
  private final ModelConfig config;
  private final SortedMap<String, WeightFile> files;

  private CheckpointDirectory(
      Path directory, ModelConfig config, SortedMap<String, WeightFile> files) {
    this.directory = directory;
    this.config = config;
    this.files = files;
  }

  public static Checkpoint open(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new CheckpointException(
          "model directory "
              + directory
              + " does not exist: name the folder that holds config.json");
    }
    ModelConfig config = ModelConfig.read(directory.resolve("config.json"));
    return new CheckpointDirectory(directory, config, WeightFiles.open(directory));
  }

  /** See {@link Checkpoint#openFile}. */
  public static Checkpoint openFile(Path path) {
    WeightFile file = WeightFile.open(path);
    SortedMap<String, WeightFile> files = new TreeMap<>();
    file.keys().forEach(key -> files.put(key, file));
    ModelConfig none = new ModelConfig(file.name(), "", JsonMapper.shared().createObjectNode());
    return new CheckpointDirectory(path, none, files);
  }

  /** Whether a directory has weights in any format that can be read. */
  public static boolean hasWeights(Path directory) {
    return WeightFiles.in(directory).isPresent();
  }

  @Override
  public Path directory() {
    return directory;
  }

  @Override
  public ModelConfig config() {
    return config;
  }

  @Override
  public SortedSet<String> keys() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(files.keySet()));
  }

  @Override
  public boolean has(String key) {
    return files.containsKey(key);
  }

  @Override
  public List<Long> shape(String key) {
    return file(key).shape(key);
  }

  @Override
  public Path fileOf(String key) {
    String name = file(key).name();
    return Files.isDirectory(directory) ? directory.resolve(name) : directory;
  }

  private WeightFile file(String key) {
    WeightFile file = files.get(key);
    if (file == null) {
      throw new CheckpointException(
          "model directory "
              + directory
              + " has no tensor "
              + Shown.text(key)
              + ", which config.json asks for: are both of the same model?");
    }
    return file;
  }

  @Override
  public Tensor tensor(TensorRuntime runtime, String key, Precision precision, long... shape) {
    WeightFile file = file(key);
    StoredTensor stored = file.stored(key);
    ElementType type = stored.type().weight().orElseThrow(() -> file.wrongType(stored));
    if (!fits(stored.shape(), shape)) {
      throw new CheckpointException(
          file.name()
              + ": tensor "
              + key
              + " must have shape "
              + Arrays.toString(shape)
              + ": was "
              + stored.shape()
              + "; are config.json and weights of the same model?");
    }
    long[] actual = stored.shape().stream().mapToLong(Long::longValue).toArray();
    return runtime.weight(file.rows(stored), type, precision, actual);
  }

  private static boolean fits(List<Long> actual, long[] expected) {
    if (expected.length == 0) {
      return true;
    }
    boolean fits = actual.size() == expected.length;
    for (int axis = 0; fits && axis < expected.length; axis++) {
      fits = expected[axis] == -1 || expected[axis] == actual.get(axis);
    }
    return fits;
  }
}
