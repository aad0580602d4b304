package dev.densestream.benchmarks.gguf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The shape of a Llama-family language model.
 *
 * @param inner width inside the feed-forward block
 */
public record LlamaShape(
    String name,
    int width,
    int layers,
    int heads,
    int keyHeads,
    int inner,
    int vocabulary,
    int context) {
  /** Tokens before it are special or single bytes. */
  public static final int FIRST_WORD = 3 + 256;

  public LlamaShape {
    if (width % heads != 0 || heads % keyHeads != 0 || vocabulary <= FIRST_WORD) {
      throw new IllegalArgumentException("not a shape of a model: " + name);
    }
  }

  /** The shapes {@code densestream bench} knows by the same names. */
  public static LlamaShape named(String name) {
    return switch (name) {
      case "llama-1.1b" -> new LlamaShape(name, 2048, 22, 32, 4, 5632, 32000, 4096);
      case "llama-7b" -> new LlamaShape(name, 4096, 32, 32, 32, 11008, 32000, 4096);
      default -> throw new IllegalArgumentException("no such shape: " + name);
    };
  }

  /** The same with another number of blocks. */
  public LlamaShape withLayers(int count) {
    return new LlamaShape(name, width, count, heads, keyHeads, inner, vocabulary, context);
  }

  /** The model with matrices of one type; normalisations are 32-bit always. */
  public GgufModel model(GgufType type) {
    return new GgufModel(metadata(type), tensors(type));
  }

  private Map<String, GgufValue> metadata(GgufType type) {
    Map<String, GgufValue> all = new LinkedHashMap<>();
    all.put("general.architecture", new GgufValue.Text("llama"));
    all.put("general.name", new GgufValue.Text(name + ", random weights"));
    all.put("general.file_type", new GgufValue.Whole(type.fileCode()));
    all.put("llama.vocab_size", new GgufValue.Whole(vocabulary));
    all.put("llama.context_length", new GgufValue.Whole(context));
    all.put("llama.embedding_length", new GgufValue.Whole(width));
    all.put("llama.block_count", new GgufValue.Whole(layers));
    all.put("llama.feed_forward_length", new GgufValue.Whole(inner));
    all.put("llama.rope.dimension_count", new GgufValue.Whole(width / heads));
    all.put("llama.rope.freq_base", new GgufValue.Real(10000));
    all.put("llama.attention.head_count", new GgufValue.Whole(heads));
    all.put("llama.attention.head_count_kv", new GgufValue.Whole(keyHeads));
    all.put("llama.attention.layer_norm_rms_epsilon", new GgufValue.Real(1e-5f));
    all.putAll(vocabularyValues());
    return all;
  }

  private Map<String, GgufValue> vocabularyValues() {
    List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    List<Integer> kinds = new ArrayList<>(List.of(2, 3, 3));
    for (int i = 0; i < 256; i++) {
      tokens.add("<0x%02X>".formatted(i));
      kinds.add(6);
    }
    for (int i = FIRST_WORD; i < vocabulary; i++) {
      tokens.add("\u2581w" + i);
      kinds.add(1);
    }
    Map<String, GgufValue> all = new LinkedHashMap<>();
    all.put("tokenizer.ggml.model", new GgufValue.Text("llama"));
    all.put("tokenizer.ggml.pre", new GgufValue.Text("default"));
    all.put("tokenizer.ggml.tokens", new GgufValue.Texts(tokens));
    all.put("tokenizer.ggml.scores", new GgufValue.Reals(scores()));
    all.put("tokenizer.ggml.token_type", new GgufValue.Wholes(kinds));
    all.put("tokenizer.ggml.bos_token_id", new GgufValue.Whole(1));
    all.put("tokenizer.ggml.eos_token_id", new GgufValue.Whole(2));
    all.put("tokenizer.ggml.unknown_token_id", new GgufValue.Whole(0));
    return all;
  }

  private List<Float> scores() {
    List<Float> scores = new ArrayList<>();
    for (int i = 0; i < vocabulary; i++) {
      scores.add(i < FIRST_WORD ? 0f : (float) -i);
    }
    return scores;
  }

  private List<GgufTensor> tensors(GgufType type) {
    List<GgufTensor> all = new ArrayList<>();
    all.add(GgufTensor.weights("token_embd.weight", type, width, vocabulary));
    for (int i = 0; i < layers; i++) {
      all.addAll(layer(type, "blk." + i + "."));
    }
    all.add(GgufTensor.ones("output_norm.weight", width));
    all.add(GgufTensor.weights("output.weight", type, width, vocabulary));
    return all;
  }

  private List<GgufTensor> layer(GgufType type, String prefix) {
    int keys = width / heads * keyHeads;
    return List.of(
        GgufTensor.ones(prefix + "attn_norm.weight", width),
        GgufTensor.weights(prefix + "attn_q.weight", type, width, width),
        GgufTensor.weights(prefix + "attn_k.weight", type, width, keys),
        GgufTensor.weights(prefix + "attn_v.weight", type, width, keys),
        GgufTensor.weights(prefix + "attn_output.weight", type, width, width),
        GgufTensor.ones(prefix + "ffn_norm.weight", width),
        GgufTensor.weights(prefix + "ffn_gate.weight", type, width, inner),
        GgufTensor.weights(prefix + "ffn_up.weight", type, width, inner),
        GgufTensor.weights(prefix + "ffn_down.weight", type, inner, width));
  }
}
