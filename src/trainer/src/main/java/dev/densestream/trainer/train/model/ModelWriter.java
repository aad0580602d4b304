package dev.densestream.trainer.train.model;

import dev.densestream.trainer.train.config.LanguagePlan;
import dev.densestream.trainer.train.config.ModelPlan;
import dev.densestream.trainer.train.config.TowerPlan;
import dev.densestream.visionpipeline.ElementType;
import dev.densestream.visionpipeline.TensorFile;
import dev.densestream.visionpipeline.connector.ConnectorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes a model directory in the original's format, weights in bfloat16. */
public final class ModelWriter {
  /** Name of the conversation template: the one with the fewest words. */
  public static final String CONVERSATION = "mistral_instruct";

  /** Epsilon of the tower's norms. */
  public static final double TOWER_EPS = 1e-5;

  /** Epsilon of the language model's norms. */
  public static final double LANGUAGE_EPS = 1e-5;

  private static final double THETA = 10_000;
  private static final JsonMapper JSON = JsonMapper.shared();

  private final String name;
  private final String notice;
  private final ModelPlan plan;
  private final ParameterTable table;
  private final TokenizerWriter tokenizer;

  /**
   * For one kind of model.
   *
   * @param notice what people must be told about the model
   */
  public ModelWriter(
      String name, String notice, ModelPlan plan, ParameterTable table, TokenizerWriter tokenizer) {
    this.name = name;
    this.notice = notice;
    this.plan = plan;
    this.table = table;
    this.tokenizer = tokenizer;
  }

  /**
   * Writes all files.
   *
   * @param values by key
   * @param narrow bfloat16, as published; else float32, for comparisons
   */
  public void write(Path directory, Map<String, float[]> values, boolean narrow)
      throws IOException {
    Path tower = Files.createDirectories(directory.resolve(towerName()));
    write(directory.resolve("config.json"), config(narrow));
    write(directory.resolve("densestream.json"), own());
    write(tower.resolve("config.json"), towerConfig(narrow));
    write(tower.resolve("preprocessor_config.json"), preprocessor());
    tokenizer.write(directory);
    write(tower.resolve("model.safetensors"), table.ofTower(), values, narrow);
    write(directory.resolve("model.safetensors"), table.ofModel(), values, narrow);
  }

  private static void write(
      Path file, Stream<Parameter> parameters, Map<String, float[]> values, boolean narrow)
      throws IOException {
    TensorFile.write(
        file,
        narrow ? ElementType.BF16 : ElementType.FP32,
        parameters.map(parameter -> parameter.with(values)).toList());
  }

  private static void write(Path file, ObjectNode content) throws IOException {
    Files.writeString(
        file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n");
  }

  private String towerName() {
    return "clip-vit-" + name + "-patch" + plan.tower().patch() + "-" + plan.tower().side();
  }

  /** Cosines and sines {@code [positions, D / 2]} each, as the original has them. */
  public static float[][] rotations(LanguagePlan plan) {
    int half = plan.headSize() / 2;
    float[][] tables = new float[2][plan.context() * half];
    for (int position = 0; position < plan.context(); position++) {
      for (int i = 0; i < half; i++) {
        float exponent = 2f * i / plan.headSize();
        float angle = position * (float) (1 / Math.pow(THETA, exponent));
        tables[0][position * half + i] = (float) Math.cos(angle);
        tables[1][position * half + i] = (float) Math.sin(angle);
      }
    }
    return tables;
  }

  private ObjectNode config(boolean narrow) {
    LanguagePlan language = plan.language();
    ObjectNode json = JSON.createObjectNode();
    json.putArray("architectures").add("LlavaLlamaForCausalLM");
    json.put("model_type", "llava_llama")
        .put("torch_dtype", narrow ? "bfloat16" : "float32")
        .put("vocab_size", tokenizer.size())
        .put("hidden_size", language.width())
        .put("intermediate_size", language.feedForward())
        .put("num_hidden_layers", language.layers())
        .put("num_attention_heads", language.heads())
        .put("num_key_value_heads", language.keyValueHeads())
        .put("hidden_act", "silu")
        .put("rms_norm_eps", LANGUAGE_EPS)
        .put("rope_theta", THETA)
        .putNull("rope_scaling")
        .put("max_position_embeddings", language.context())
        .put("tie_word_embeddings", false)
        .putNull("bos_token_id")
        .put("eos_token_id", tokenizer.end());
    json.put("mm_vision_tower", towerName())
        .put("mm_vision_select_layer", -1)
        .put("mm_vision_select_feature", "patch");
    if (plan.connector() != ConnectorKind.NONE) {
      json.put("mm_dense_connector_type", plan.connector().name().toLowerCase(Locale.ROOT));
    }
    return json.put("mm_projector_type", "mlp2x_gelu")
        .put("mm_hidden_size", plan.joinedWidth())
        .put("mm_patch_merge_type", "flat")
        .put("mm_use_im_start_end", false)
        .put("mm_use_im_patch_token", false)
        .put("use_mm_proj", true)
        .put("image_aspect_ratio", "pad");
  }

  private ObjectNode own() {
    return JSON.createObjectNode()
        .put("name", name)
        .put("notice", notice)
        .put("conversation", CONVERSATION)
        .put("tokenReduction", plan.efficient() ? "efficient" : "none")
        .put("videoPooling", "none")
        .put("framesPerWindow", plan.framesPerWindow())
        .put("maxNewTokens", 64);
  }

  private ObjectNode towerConfig(boolean narrow) {
    TowerPlan tower = plan.tower();
    ObjectNode json = JSON.createObjectNode();
    json.putArray("architectures").add("CLIPModel");
    json.put("model_type", "clip").put("torch_dtype", narrow ? "bfloat16" : "float32");
    json.putObject("vision_config")
        .put("model_type", "clip_vision_model")
        .put("hidden_size", tower.width())
        .put("intermediate_size", tower.feedForward())
        .put("num_hidden_layers", tower.blocks())
        .put("num_attention_heads", tower.heads())
        .put("image_size", tower.side())
        .put("patch_size", tower.patch())
        .put("num_channels", 3)
        .put("hidden_act", "gelu")
        .put("layer_norm_eps", TOWER_EPS);
    return json;
  }

  private ObjectNode preprocessor() {
    ObjectNode json =
        JSON.createObjectNode()
            .put("feature_extractor_type", "CLIPFeatureExtractor")
            .put("do_resize", true)
            .put("size", plan.tower().side())
            .put("resample", 3)
            .put("do_center_crop", true)
            .put("crop_size", plan.tower().side())
            .put("do_normalize", true);
    json.putArray("image_mean").add(0.48145466).add(0.4578275).add(0.40821073);
    json.putArray("image_std").add(0.26862954).add(0.26130258).add(0.27577711);
    return json;
  }
}
