package dev.densestream.visionpipeline.checkpoint;

import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.ModelConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Which of a directory's files hold its weights: safetensors before PyTorch's, shards before one.
 */
enum WeightFiles {
  SAFETENSORS("model.safetensors", "[A-Za-z0-9._-]+\\.safetensors"),
  TORCH("pytorch_model.bin", "[A-Za-z0-9._-]+\\.bin");

  private static final String PROJECTOR = "mm_projector.bin";

  private final String single;
  private final String index;
  private final Pattern shard;

  WeightFiles(String single, String shard) {
    this.single = single;
    index = single + ".index.json";
    this.shard = Pattern.compile(shard);
  }

  /** The format a directory has its weights in. */
  static Optional<WeightFiles> in(Path directory) {
    for (WeightFiles format : values()) {
      if (Files.exists(directory.resolve(format.index))
          || Files.exists(directory.resolve(format.single))) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  /** Opens them. @throws CheckpointException naming the file that is missing or damaged */
  static SortedMap<String, WeightFile> open(Path directory) {
    WeightFiles format =
        in(directory)
            .orElseThrow(
                () ->
                    new CheckpointException(
                        "model directory "
                            + directory
                            + " has no weights: none of "
                            + names()
                            + " is there; download one of them"));
    SortedMap<String, WeightFile> files =
        Files.exists(directory.resolve(format.index))
            ? format.shards(directory)
            : format.single(directory);
    addProjector(directory, files);
    return files;
  }

  /**
   * A projector in a file of its own, as the first stage of training leaves it beside a language
   * model without one. Published directories carry it beside the projector that goes with the rest
   * too, where it does not count.
   */
  private static void addProjector(Path directory, SortedMap<String, WeightFile> files) {
    Path first = directory.resolve(PROJECTOR);
    boolean there = files.keySet().stream().anyMatch(key -> key.startsWith("model.mm_projector."));
    if (!there && Files.exists(first)) {
      WeightFile file = WeightFile.open(first);
      file.keys().forEach(key -> files.put(key, file));
    }
  }

  private static String names() {
    return SAFETENSORS.single
        + ", "
        + SAFETENSORS.index
        + ", "
        + TORCH.single
        + " and "
        + TORCH.index;
  }

  private SortedMap<String, WeightFile> single(Path directory) {
    WeightFile file = WeightFile.open(directory.resolve(single));
    SortedMap<String, WeightFile> files = new TreeMap<>();
    file.keys().forEach(key -> files.put(key, file));
    return files;
  }

  private SortedMap<String, WeightFile> shards(Path directory) {
    ModelConfig map = ModelConfig.read(directory.resolve(index)).section("weight_map");
    Map<String, WeightFile> opened = new HashMap<>();
    SortedMap<String, WeightFile> files = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : map.json().properties()) {
      String key = entry.getKey();
      String name = map.string(key);
      WeightFile file =
          opened.computeIfAbsent(name, shard -> WeightFile.open(shard(directory, shard)));
      if (!file.has(key)) {
        throw new CheckpointException(
            index
                + " says that tensor "
                + Shown.text(key)
                + " is in "
                + name
                + ", which does not hold it: download both files again");
      }
      files.put(key, file);
    }
    return files;
  }

  /** The name comes from a file: it may lead nowhere but into the directory. */
  private Path shard(Path directory, String name) {
    if (!shard.matcher(name).matches()) {
      throw new CheckpointException(
          index
              + " names the shard "
              + Shown.text(name)
              + ": it must be a file beside it, of the same kind as "
              + single);
    }
    Path file = directory.resolve(name);
    if (!Files.exists(file)) {
      throw new CheckpointException(
          "shard "
              + name
              + " is missing in "
              + directory
              + ", and "
              + index
              + " names it: download it too");
    }
    return file;
  }
}
