package dev.densestream.visionpipeline.checkpoint;

import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.ElementType;
import dev.densestream.visionpipeline.ModelConfig;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorRuntime;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One file, or shards and the index that says which key is in which. */
public final class CheckpointDirectory implements Checkpoint {
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  private final Path directory;
  private final ModelConfig config;
  private final SortedMap<String, SafetensorsFile> files;

  private CheckpointDirectory(
      Path directory, ModelConfig config, SortedMap<String, SafetensorsFile> files) {
    this.directory = directory;
    this.config = config;
    this.files = files;
  }

  public static Checkpoint open(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new CheckpointException("model directory " + directory + " does not exist");
    }
    ModelConfig config = ModelConfig.read(directory.resolve("config.json"));
    return new CheckpointDirectory(directory, config, files(directory));
  }

  /** See {@link Checkpoint#openFile}. */
  public static Checkpoint openFile(Path path) {
    SafetensorsFile file = SafetensorsFile.open(path);
    SortedMap<String, SafetensorsFile> files = new TreeMap<>();
    file.keys().forEach(key -> files.put(key, file));
    ModelConfig none = new ModelConfig(file.name(), "", JsonMapper.shared().createObjectNode());
    return new CheckpointDirectory(path, none, files);
  }

  private static SortedMap<String, SafetensorsFile> files(Path directory) {
    if (Files.exists(directory.resolve(INDEX))) {
      return shards(directory);
    }
    if (Files.exists(directory.resolve(SINGLE))) {
      SafetensorsFile file = SafetensorsFile.open(directory.resolve(SINGLE));
      SortedMap<String, SafetensorsFile> files = new TreeMap<>();
      file.keys().forEach(key -> files.put(key, file));
      return files;
    }
    throw new CheckpointException(
        hasPickles(directory)
            ? "model directory "
                + directory
                + " has its weights in pytorch_model*.bin, which is not supported yet:"
                + " save them as safetensors"
            : "model directory " + directory + " has neither " + SINGLE + " nor " + INDEX);
  }

  private static boolean hasPickles(Path directory) {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "pytorch_model*.bin*")) {
      return found.iterator().hasNext();
    } catch (IOException e) {
      throw new CheckpointException("model directory " + directory + " cannot be read", e);
    }
  }

  private static SortedMap<String, SafetensorsFile> shards(Path directory) {
    ModelConfig map = ModelConfig.read(directory.resolve(INDEX)).section("weight_map");
    Map<String, SafetensorsFile> opened = new HashMap<>();
    SortedMap<String, SafetensorsFile> files = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : map.json().properties()) {
      String shard = map.string(entry.getKey());
      SafetensorsFile file =
          opened.computeIfAbsent(shard, name -> SafetensorsFile.open(shard(directory, name)));
      file.stored(entry.getKey()); // the index must not promise what the shard does not hold
      files.put(entry.getKey(), file);
    }
    return files;
  }

  /** The name comes from a file: it may lead nowhere but into the directory. */
  private static Path shard(Path directory, String name) {
    if (!name.matches("[A-Za-z0-9._-]+\\.safetensors")) {
      throw new CheckpointException(
          INDEX + " names " + name + ", not a safetensors file beside it");
    }
    return directory.resolve(name);
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

  private SafetensorsFile file(String key) {
    SafetensorsFile file = files.get(key);
    if (file == null) {
      throw new CheckpointException("model directory " + directory + " has no tensor " + key);
    }
    return file;
  }

  @Override
  public Tensor tensor(TensorRuntime runtime, String key, Precision precision, long... shape) {
    SafetensorsFile file = file(key);
    StoredTensor stored = file.stored(key);
    ElementType type =
        stored.type().weight().orElseThrow(() -> file.wrongType(stored, "F32, F16 or BF16"));
    if (!fits(stored.shape(), shape)) {
      throw new CheckpointException(
          file.name()
              + ": tensor "
              + key
              + " must have shape "
              + Arrays.toString(shape)
              + ": was "
              + stored.shape());
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
