package dev.densestream.answerservice.model;

import dev.densestream.answerservice.prompt.ConversationTemplate;
import dev.densestream.answerservice.tokenizer.Tokenizer;
import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.ModelConfig;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.TokenReduction;
import dev.densestream.visionpipeline.VideoPooling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a model directory says about how it is to be used: {@code config.json}, {@code
 * generation_config.json}, and {@code densestream.json}, a file of ours that no published model
 * has.
 */
public record ModelFiles(
    Checkpoint checkpoint, Optional<ModelConfig> own, Optional<ModelConfig> generation) {
  private static final String OWN = "densestream.json";

  /**
   * Reads them.
   *
   * @throws CheckpointException naming the file that is missing or damaged
   */
  public static ModelFiles read(Path directory) {
    return new ModelFiles(
        Checkpoint.open(directory),
        ifThere(directory.resolve(OWN)),
        ifThere(directory.resolve("generation_config.json")));
  }

  private static Optional<ModelConfig> ifThere(Path file) {
    return Files.exists(file) ? Optional.of(ModelConfig.read(file)) : Optional.empty();
  }

  public String name() {
    Path folder = checkpoint.directory().toAbsolutePath().normalize().getFileName();
    return text("name").orElse(String.valueOf(folder));
  }

  public String notice() {
    return text("notice").orElse("");
  }

  public int framesPerWindow() {
    return own.map(file -> file.integer("framesPerWindow", 8)).orElse(8);
  }

  int maxNewTokens() {
    int none = Integer.MAX_VALUE;
    return own.map(file -> file.integer("maxNewTokens", none)).orElse(none);
  }

  /** Rows a prompt is cut to, as the original does. */
  public int lengthLimit() {
    return checkpoint.config().integer("tokenizer_model_max_length", Integer.MAX_VALUE);
  }

  public TokenReduction reduction() {
    return text("tokenReduction")
        .map(name -> one(TokenReduction.class, "tokenReduction", name))
        .orElse(TokenReduction.NONE);
  }

  /** As all released scripts do, unless tokens are few already. */
  public VideoPooling videoPooling(TokenReduction reduction) {
    return text("videoPooling")
        .map(name -> one(VideoPooling.class, "videoPooling", name))
        .orElse(reduction == TokenReduction.NONE ? VideoPooling.PAIRWISE_MAX : VideoPooling.NONE);
  }

  private <T extends Enum<T>> T one(Class<T> type, String key, String name) {
    try {
      return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          OWN
              + " in "
              + checkpoint.directory()
              + ": key "
              + key
              + " must be one of "
              + Arrays.toString(type.getEnumConstants())
              + ": was "
              + name,
          e);
    }
  }

  public Precision precision() {
    String stored = checkpoint.config().string("torch_dtype", "float32");
    return stored.equals("bfloat16") || stored.equals("float16") ? Precision.BF16 : Precision.FP32;
  }

  /** By its own file, else by what the tokenizer's special tokens tell, else vicuna_v1. */
  public ConversationTemplate template(Tokenizer tokenizer) {
    String name =
        text("conversation")
            .orElseGet(
                () ->
                    switch (checkpoint.config().string("model_type")) {
                      case "llava_mistral" -> "mistral_instruct";
                      case "llava_phi" -> "phi";
                      default -> byTokens(tokenizer);
                    });
    try {
      return ConversationTemplate.named(name);
    } catch (IllegalArgumentException unknown) {
      throw new CheckpointException(
          OWN + " in " + checkpoint.directory() + ": key conversation: " + unknown.getMessage(),
          unknown);
    }
  }

  private static String byTokens(Tokenizer tokenizer) {
    if (tokenizer.addedToken("<|start_header_id|>").isPresent()) {
      return "llama_3";
    }
    return tokenizer.addedToken("<|im_start|>").isPresent() ? "chatml_direct" : "vicuna_v1";
  }

  /** Ids that end an answer, from every file that names one, and the template's own. */
  Set<Integer> stopIds(Tokenizer tokenizer, ConversationTemplate template) {
    Set<Integer> ids = new TreeSet<>();
    tokenizer.endOfSequence().ifPresent(ids::add);
    tokenizer.addedToken(template.stopText()).ifPresent(ids::add);
    ids.addAll(checkpoint.config().integers("eos_token_id"));
    generation.ifPresent(file -> ids.addAll(file.integers("eos_token_id")));
    return ids;
  }

  private Optional<String> text(String key) {
    return own.filter(file -> file.has(key)).map(file -> file.string(key));
  }
}
