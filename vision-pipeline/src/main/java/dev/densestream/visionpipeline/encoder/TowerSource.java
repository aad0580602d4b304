package dev.densestream.visionpipeline.encoder;

import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.ModelConfig;
import dev.densestream.visionpipeline.Weights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Where a model's vision tower is: in a directory of its own, as {@code mm_vision_tower} names it,
 * else in the copy that published checkpoints carry.
 *
 * @param directory of the tower, where there is one
 */
public record TowerSource(TowerConfig config, Weights weights, Optional<Path> directory) {
  private static final String COPY = "model.vision_tower.vision_tower.";
  private static final String EMBEDDINGS = COPY + "vision_model.embeddings.";
  private static final String FIRST_MLP = COPY + "vision_model.encoder.layers.0.mlp.fc1.bias";

  /**
   * Finds it.
   *
   * @throws CheckpointException if there is neither
   */
  public static TowerSource find(Checkpoint model, List<Path> folders) {
    String name = model.config().string("mm_vision_tower");
    TowerFamily family = TowerFamily.of(name);
    boolean hasCopy = model.has(EMBEDDINGS + "patch_embedding.weight");
    // Mini-Gemini's loader takes the copy, all others the tower's own directory.
    boolean copyFirst = hasCopy && model.config().has("mm_vision_tower_aux");
    Optional<Path> directory = directory(model.directory(), name, folders, "config.json");
    Optional<TowerConfig> config =
        directory.map(d -> TowerConfig.read(ModelConfig.read(d.resolve("config.json")), family));
    if (!copyFirst
        && directory.isPresent()
        && (Checkpoint.hasWeights(directory.get()) || !hasCopy)) {
      return new TowerSource(config.orElseThrow(), Checkpoint.open(directory.get()), directory);
    }
    if (hasCopy) {
      return new TowerSource(
          config.orElseGet(() -> copied(model, family)), model.under(COPY), directory);
    }
    throw new CheckpointException(
        "vision tower "
            + name
            + " was not found: put its directory beside or inside "
            + model.directory());
  }

  /**
   * Where a tower's directory is: in the folders given, inside the model's directory, or in the two
   * above it.
   *
   * @param name as the model's config has it
   * @param file what the directory must hold
   */
  public static Optional<Path> directory(Path model, String name, List<Path> folders, String file) {
    List<Path> candidates = new ArrayList<>();
    for (Path folder : folders) {
      candidates.add(folder.resolve(name));
      candidates.add(folder.resolve(name.substring(name.lastIndexOf('/') + 1)));
    }
    Path above = model.toAbsolutePath();
    for (int levels = 0; levels < 3 && above != null; levels++) {
      candidates.add(above.resolve(name));
      candidates.add(above.resolve("vision").resolve(name));
      candidates.add(above.resolve(name.substring(name.lastIndexOf('/') + 1)));
      above = above.getParent();
    }
    return candidates.stream().filter(c -> Files.isRegularFile(c.resolve(file))).findFirst();
  }

  /**
   * How many numbers the whole model has that this tower is for: a copy inside the model counts
   * only if it is what is loaded, and of the tower's own directory only what looks at images does.
   *
   * @param counted which tensors, by key
   */
  public long parameters(Checkpoint model, Predicate<String> counted) {
    long language = count(model, counted.and(key -> !key.startsWith(COPY)));
    return weights instanceof Checkpoint own
        ? language + count(own, counted.and(key -> key.startsWith("vision_model.")))
        : language + count(model, counted.and(key -> key.startsWith(COPY)));
  }

  private static long count(Checkpoint checkpoint, Predicate<String> which) {
    return checkpoint.keys().stream()
        .filter(which)
        .mapToLong(key -> checkpoint.shape(key).stream().reduce(1L, (a, b) -> a * b))
        .sum();
  }

  /** Sizes from the copy's shapes; what shapes do not tell is as in the published towers. */
  private static TowerConfig copied(Checkpoint model, TowerFamily family) {
    TowerConfig published =
        family == TowerFamily.CLIP ? TowerConfig.CLIP_L_336 : TowerConfig.SIGLIP_SO400M_384;
    List<Long> patch = model.shape(EMBEDDINGS + "patch_embedding.weight");
    long tokens = model.shape(EMBEDDINGS + "position_embedding.weight").getFirst();
    int width = Math.toIntExact(patch.getFirst());
    int headSize = published.width() / published.heads();
    if (width % headSize != 0) {
      throw new CheckpointException(
          "the vision tower inside "
              + model.directory()
              + " is no published one: its own directory with config.json is needed beside it");
    }
    int grid = (int) Math.sqrt((double) (tokens - family.classTokens()));
    int patchSize = Math.toIntExact(patch.get(2));
    boolean sameGrid = grid == published.grid() && patchSize == published.patch();
    return new TowerConfig(
        family,
        width,
        Math.toIntExact(model.shape(FIRST_MLP).getFirst()),
        width / headSize,
        copiedLayers(model, family),
        sameGrid ? published.side() : grid * patchSize,
        patchSize,
        published.eps(),
        published.activation());
  }

  /** The original deletes SigLIP's last block before it saves a copy: the numbering counts it. */
  private static int copiedLayers(Checkpoint model, TowerFamily family) {
    int layers = 0;
    while (model.has(COPY + "vision_model.encoder.layers." + layers + ".mlp.fc1.bias")) {
      layers++;
    }
    return family == TowerFamily.SIGLIP ? layers + 1 : layers;
  }
}
