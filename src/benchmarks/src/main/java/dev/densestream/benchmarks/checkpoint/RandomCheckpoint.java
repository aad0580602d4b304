package dev.densestream.benchmarks.checkpoint;

import dev.densestream.benchmarks.gguf.LlamaShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.StringJoiner;

/**
 * Writes a model directory as it would be published: config, bfloat16 shards with their index, the
 * tokenizer's files. The same seed gives the same bytes.
 */
public final class RandomCheckpoint {
  /** As the library that writes published ones cuts them. */
  private static final long SHARD_BYTES = 5_000_000_000L;

  private static final long SEED = 20_405;

  private final LlavaShape shape;
  private final long shardBytes;

  RandomCheckpoint(LlavaShape shape, long shardBytes) {
    this.shape = shape;
    this.shardBytes = shardBytes;
  }

  /** Folder, then shapes of language model and vision tower, then {@code dci} or {@code none}. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 4) {
      System.err.println("usage: DIR llama-1.1b|llama-7b clip-l-336|siglip-so400m-384 dci|none");
      System.exit(2);
    }
    LlavaShape shape =
        new LlavaShape(
            LlamaShape.named(arguments[1]),
            TowerShape.named(arguments[2]),
            arguments[3].equals("dci"));
    long bytes = new RandomCheckpoint(shape, SHARD_BYTES).write(Path.of(arguments[0]));
    System.out.println(bytes + " bytes of weights in " + arguments[0]);
  }

  /** Bytes of the weights. */
  long write(Path directory) throws IOException {
    Files.createDirectories(directory);
    List<List<RandomTensor>> shards = shards();
    SplittableRandom random = new SplittableRandom(SEED);
    StringJoiner map = new StringJoiner(",\n    ", "  \"weight_map\": {\n    ", "\n  }\n");
    long bytes = 0;
    for (int i = 0; i < shards.size(); i++) {
      String name = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
      try (ShardWriter writer = new ShardWriter(directory.resolve(name))) {
        writer.write(shards.get(i), random);
      }
      for (RandomTensor tensor : shards.get(i)) {
        map.add("\"%s\": \"%s\"".formatted(tensor.name(), name));
        bytes += tensor.bytes();
      }
    }
    String index = "{\n  \"metadata\": {\"total_size\": %d},\n%s}\n".formatted(bytes, map);
    Files.writeString(directory.resolve("model.safetensors.index.json"), index);
    others(directory);
    return bytes;
  }

  private List<List<RandomTensor>> shards() {
    List<List<RandomTensor>> shards = new ArrayList<>();
    long used = shardBytes;
    for (RandomTensor tensor : shape.tensors()) {
      if (used + tensor.bytes() > shardBytes) {
        shards.add(new ArrayList<>());
        used = 0;
      }
      shards.getLast().add(tensor);
      used += tensor.bytes();
    }
    return shards;
  }

  private void others(Path directory) throws IOException {
    Files.writeString(directory.resolve("config.json"), shape.config());
    Files.write(
        directory.resolve("tokenizer.model"), SentencePieceFile.of(shape.language().vocabulary()));
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        """
        {
          "add_bos_token": true,
          "add_eos_token": false,
          "bos_token": "<s>",
          "eos_token": "</s>",
          "unk_token": "<unk>",
          "pad_token": "<unk>",
          "legacy": false,
          "model_max_length": 2048,
          "tokenizer_class": "LlamaTokenizer"
        }
        """);
    Files.writeString(
        directory.resolve("generation_config.json"),
        "{\"bos_token_id\": 1, \"eos_token_id\": 2, \"pad_token_id\": 0}\n");
  }
}
