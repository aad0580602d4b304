package dev.densestream.answerservice.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes the demo model while the application is built: a CLIP tower, a projector and a Llama
 * decoder, all narrow, all random from a fixed seed, in the original's format.
 *
 * <p>Its head knows words of dummy text only, so that its answers can be read and cannot be
 * mistaken for a description of anything. Uses nothing but the JDK: it runs before the application
 * is packaged.
 */
final class DemoModelWriter {
  private static final int WIDTH = 64;
  private static final int FEED_FORWARD = 176;
  private static final int LAYERS = 3;
  private static final int HEADS = 4;
  private static final int STORED_HEADS = 2;
  private static final int TOWER_WIDTH = 32;
  private static final int TOWER_FEED_FORWARD = 64;
  private static final int TOWER_LAYERS = 24;
  private static final int PATCH = 14;
  private static final int SIDE = 112;
  private static final int BYTES = 256;
  private static final String END = "</s>";

  /** Dummy text known to every typesetter. */
  private static final List<String> WORDS =
      List.of(
              "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor"
                  + " incididunt ut labore et dolore magna aliqua enim ad minim veniam quis nostrud"
                  + " exercitation ullamco laboris nisi aliquip ex ea commodo consequat duis aute"
                  + " irure in reprehenderit voluptate velit esse cillum fugiat nulla pariatur"
                  + " excepteur sint occaecat cupidatat non proident sunt culpa qui officia deserunt"
                  + " mollit anim id est laborum")
          .stream()
          .flatMap(text -> List.of(text.split(" ", -1)).stream())
          .toList();

  private static final int VOCABULARY = BYTES + WORDS.size() + 1;

  private DemoModelWriter() {}

  /** Writes the model into the folder that is the only argument. */
  public static void main(String[] arguments) throws IOException {
    write(Path.of(arguments[0]));
  }

  static void write(Path directory) throws IOException {
    Path tower = Files.createDirectories(directory.resolve(DemoModelFiles.TOWER));
    Files.writeString(directory.resolve("config.json"), config());
    Files.writeString(directory.resolve("densestream.json"), own());
    Files.writeString(directory.resolve("tokenizer.json"), tokenizer());
    Files.writeString(directory.resolve("tokenizer_config.json"), tokenizerConfig());
    Files.writeString(
        directory.resolve("special_tokens_map.json"), "{\"eos_token\": \"" + END + "\"}\n");
    Files.writeString(tower.resolve("config.json"), towerConfig());
    Files.writeString(tower.resolve("preprocessor_config.json"), preprocessor());
    language().write(directory.resolve("model.safetensors"));
    tower().write(tower.resolve("model.safetensors"));
  }

  private static RandomTensors language() {
    RandomTensors tensors = new RandomTensors(20_405);
    int stored = WIDTH / HEADS * STORED_HEADS;
    tensors.normal("model.embed_tokens.weight", 1, VOCABULARY, WIDTH);
    for (int layer = 0; layer < LAYERS; layer++) {
      String of = "model.layers." + layer + ".";
      tensors.ones(of + "input_layernorm.weight", WIDTH);
      tensors.matrix(of + "self_attn.q_proj.weight", WIDTH, WIDTH);
      tensors.matrix(of + "self_attn.k_proj.weight", stored, WIDTH);
      tensors.matrix(of + "self_attn.v_proj.weight", stored, WIDTH);
      tensors.matrix(of + "self_attn.o_proj.weight", WIDTH, WIDTH);
      tensors.ones(of + "post_attention_layernorm.weight", WIDTH);
      tensors.matrix(of + "mlp.gate_proj.weight", FEED_FORWARD, WIDTH);
      tensors.matrix(of + "mlp.up_proj.weight", FEED_FORWARD, WIDTH);
      tensors.matrix(of + "mlp.down_proj.weight", WIDTH, FEED_FORWARD);
    }
    tensors.ones("model.norm.weight", WIDTH);
    // Bytes have a head of zeros: among dozens of random words one always scores higher.
    tensors.matrixBelowZeros("lm_head.weight", BYTES, VOCABULARY, WIDTH);
    tensors.matrix("model.mm_projector.0.weight", WIDTH, 3 * TOWER_WIDTH);
    tensors.zeros("model.mm_projector.0.bias", WIDTH);
    tensors.matrix("model.mm_projector.2.weight", WIDTH, WIDTH);
    tensors.zeros("model.mm_projector.2.bias", WIDTH);
    return tensors;
  }

  private static RandomTensors tower() {
    RandomTensors tensors = new RandomTensors(13_800);
    int patches = (SIDE / PATCH) * (SIDE / PATCH);
    String start = "vision_model.embeddings.";
    tensors.normal(start + "class_embedding", 1, TOWER_WIDTH);
    tensors.normal(start + "patch_embedding.weight", 0.04, TOWER_WIDTH, 3, PATCH, PATCH);
    tensors.normal(start + "position_embedding.weight", 0.3, patches + 1, TOWER_WIDTH);
    tensors.norm("vision_model.pre_layrnorm", TOWER_WIDTH);
    for (int layer = 0; layer < TOWER_LAYERS; layer++) {
      String of = "vision_model.encoder.layers." + layer + ".";
      tensors.norm(of + "layer_norm1", TOWER_WIDTH);
      for (String part : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
        tensors.layer(of + "self_attn." + part, TOWER_WIDTH, TOWER_WIDTH);
      }
      tensors.norm(of + "layer_norm2", TOWER_WIDTH);
      tensors.layer(of + "mlp.fc1", TOWER_FEED_FORWARD, TOWER_WIDTH);
      tensors.layer(of + "mlp.fc2", TOWER_WIDTH, TOWER_FEED_FORWARD);
    }
    tensors.norm("vision_model.post_layernorm", TOWER_WIDTH);
    return tensors;
  }

  private static String config() {
    return """
        {
          "architectures": ["LlavaLlamaForCausalLM"],
          "model_type": "llava_llama",
          "torch_dtype": "float32",
          "vocab_size": %d,
          "hidden_size": %d,
          "intermediate_size": %d,
          "num_hidden_layers": %d,
          "num_attention_heads": %d,
          "num_key_value_heads": %d,
          "hidden_act": "silu",
          "rms_norm_eps": 1e-05,
          "rope_theta": 10000.0,
          "rope_scaling": null,
          "max_position_embeddings": 8192,
          "tie_word_embeddings": false,
          "bos_token_id": null,
          "eos_token_id": %d,
          "mm_vision_tower": "%s",
          "mm_vision_select_layer": -2,
          "mm_vision_select_feature": "patch",
          "mm_dense_connector_type": "dci",
          "mm_projector_type": "mlp2x_gelu",
          "mm_hidden_size": %d,
          "mm_patch_merge_type": "flat",
          "mm_use_im_start_end": false,
          "mm_use_im_patch_token": false,
          "use_mm_proj": true,
          "image_aspect_ratio": "pad"
        }
        """
        .formatted(
            VOCABULARY,
            WIDTH,
            FEED_FORWARD,
            LAYERS,
            HEADS,
            STORED_HEADS,
            VOCABULARY - 1,
            DemoModelFiles.TOWER,
            3 * TOWER_WIDTH);
  }

  private static String own() {
    return """
        {
          "name": "demo",
          "notice": "%s",
          "conversation": "vicuna_v1",
          "tokenReduction": "efficient",
          "framesPerWindow": 4,
          "maxNewTokens": 12
        }
        """
        .formatted(DemoModel.NOTICE);
  }

  private static String towerConfig() {
    return """
        {
          "architectures": ["CLIPModel"],
          "model_type": "clip",
          "torch_dtype": "float32",
          "vision_config": {
            "model_type": "clip_vision_model",
            "hidden_size": %d,
            "intermediate_size": %d,
            "num_hidden_layers": %d,
            "num_attention_heads": 2,
            "image_size": %d,
            "patch_size": %d,
            "num_channels": 3,
            "hidden_act": "quick_gelu",
            "layer_norm_eps": 1e-05
          }
        }
        """
        .formatted(TOWER_WIDTH, TOWER_FEED_FORWARD, TOWER_LAYERS, SIDE, PATCH);
  }

  private static String preprocessor() {
    return """
        {
          "feature_extractor_type": "CLIPFeatureExtractor",
          "do_resize": true,
          "size": %d,
          "resample": 3,
          "do_center_crop": true,
          "crop_size": %d,
          "do_normalize": true,
          "image_mean": [0.48145466, 0.4578275, 0.40821073],
          "image_std": [0.26862954, 0.26130258, 0.27577711]
        }
        """
        .formatted(SIDE, SIDE);
  }

  private static String tokenizerConfig() {
    return """
        {
          "tokenizer_class": "PreTrainedTokenizerFast",
          "eos_token": "%s",
          "clean_up_tokenization_spaces": false
        }
        """
        .formatted(END);
  }

  /** Byte-level, without merges: texts are read byte by byte, words are only ever written. */
  private static String tokenizer() {
    List<String> tokens = new ArrayList<>();
    byteSymbols().forEach(symbol -> tokens.add(new String(Character.toChars(symbol))));
    WORDS.forEach(word -> tokens.add("\u0120" + word));
    String vocabulary =
        IntStream.range(0, tokens.size())
            .mapToObj(id -> quoted(tokens.get(id)) + ": " + id)
            .collect(Collectors.joining(", ", "{", "}"));
    return """
        {
          "version": "1.0",
          "truncation": null,
          "padding": null,
          "added_tokens": [
            {"id": %d, "content": "%s", "single_word": false, "lstrip": false, "rstrip": false,
             "normalized": false, "special": true}
          ],
          "normalizer": null,
          "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
          "post_processor": null,
          "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
          "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
            "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false,
            "vocab": %s,
            "merges": []}
        }
        """
        .formatted(VOCABULARY - 1, END, vocabulary);
  }

  private static String quoted(String token) {
    return '"' + token.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** Characters that stand for the bytes 0 to 255: printable ones for themselves. */
  private static List<Integer> byteSymbols() {
    List<Integer> symbols = new ArrayList<>();
    int spare = 256;
    for (int value = 0; value < BYTES; value++) {
      boolean printable =
          (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xAC) || value >= 0xAE;
      symbols.add(printable ? value : spare++);
    }
    return symbols;
  }
}
