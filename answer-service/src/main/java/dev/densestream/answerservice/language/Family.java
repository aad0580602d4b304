package dev.densestream.answerservice.language;

import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.ModelConfig;
import java.util.Arrays;
import java.util.List;

/** What differs between families of language models, apart from sizes. */
public enum Family {
  LLAMA("llama"),
  MISTRAL("mistral"),
  QWEN2("qwen2"),
  PHI("phi");

  private final String typeName;

  Family(String typeName) {
    this.typeName = typeName;
  }

  /**
   * The family that {@code model_type} names, with or without {@code llava_} or {@code mgm_} in
   * front; these words alone mean Llama, as in LLaVA-1.5's and Mini-Gemini's files.
   */
  static Family of(ModelConfig config) {
    String type = config.string("model_type");
    String bare = type.replaceFirst("^(llava|mgm)(_|$)", "");
    String name = bare.isEmpty() ? LLAMA.typeName : bare;
    List<Family> families = List.of(values());
    return families.stream()
        .filter(family -> family.typeName.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new CheckpointException(
                    config.file()
                        + ": key model_type is "
                        + type
                        + ", which is not supported; it must be one of "
                        + Arrays.toString(values())
                        + ", with or without llava_ or mgm_ in front, llava or mgm"));
  }

  @Override
  public String toString() {
    return typeName;
  }

  boolean rmsNorm() {
    return this != PHI;
  }

  boolean parallelFeedForward() {
    return this == PHI;
  }

  boolean gated() {
    return this != PHI;
  }

  /** What the library takes where a config has no number of key-value heads. */
  int keyValueHeadsUnlessSaid(int heads) {
    return switch (this) {
      case MISTRAL -> 8;
      case QWEN2 -> 32;
      case LLAMA, PHI -> heads;
    };
  }

  /** What the library takes where a config has no context length. */
  int positionsUnlessSaid() {
    return switch (this) {
      case MISTRAL -> 131_072;
      case QWEN2 -> 32_768;
      case LLAMA, PHI -> 2048;
    };
  }
}
