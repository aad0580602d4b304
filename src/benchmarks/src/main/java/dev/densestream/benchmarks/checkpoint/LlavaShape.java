package dev.densestream.benchmarks.checkpoint;

import dev.densestream.benchmarks.gguf.LlamaShape;
import java.util.ArrayList;
import java.util.List;

/**
 * A LLaVA model: vision tower, two-layer projector, Llama decoder.
 *
 * @param dense whether it has the dense connector DCI, else none
 */
record LlavaShape(LlamaShape language, TowerShape tower, boolean dense) {
  List<RandomTensor> tensors() {
    int width = language.width();
    List<RandomTensor> all = new ArrayList<>();
    all.add(RandomTensor.matrix("model.embed_tokens.weight", language.vocabulary(), width));
    for (int layer = 0; layer < language.layers(); layer++) {
      all.addAll(layer("model.layers." + layer + "."));
    }
    all.add(RandomTensor.ones("model.norm.weight", width));
    all.addAll(RandomTensor.linear("model.mm_projector.0", width, projected()));
    all.addAll(RandomTensor.linear("model.mm_projector.2", width, width));
    all.addAll(tower.tensors());
    all.add(RandomTensor.matrix("lm_head.weight", language.vocabulary(), width));
    return all;
  }

  private List<RandomTensor> layer(String prefix) {
    int width = language.width();
    int keys = width / language.heads() * language.keyHeads();
    return List.of(
        RandomTensor.ones(prefix + "input_layernorm.weight", width),
        RandomTensor.matrix(prefix + "self_attn.q_proj.weight", width, width),
        RandomTensor.matrix(prefix + "self_attn.k_proj.weight", keys, width),
        RandomTensor.matrix(prefix + "self_attn.v_proj.weight", keys, width),
        RandomTensor.matrix(prefix + "self_attn.o_proj.weight", width, width),
        RandomTensor.ones(prefix + "post_attention_layernorm.weight", width),
        RandomTensor.matrix(prefix + "mlp.gate_proj.weight", language.inner(), width),
        RandomTensor.matrix(prefix + "mlp.up_proj.weight", language.inner(), width),
        RandomTensor.matrix(prefix + "mlp.down_proj.weight", width, language.inner()));
  }

  private int projected() {
    return (dense ? 3 : 1) * tower.width();
  }

  String config() {
    return """
        {
          "architectures": ["LlavaLlamaForCausalLM"],
          "model_type": "llava_llama",
          "torch_dtype": "bfloat16",
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
          "max_position_embeddings": %d,
          "tie_word_embeddings": false,
          "bos_token_id": 1,
          "eos_token_id": 2,
          "mm_vision_tower": "%s",
          "mm_vision_select_layer": -2,
          "mm_vision_select_feature": "patch",
          %s
          "mm_projector_type": "mlp2x_gelu",
          "mm_hidden_size": %d,
          "mm_patch_merge_type": "flat",
          "image_aspect_ratio": "pad"
        }
        """
        .formatted(
            language.vocabulary(),
            language.width(),
            language.inner(),
            language.layers(),
            language.heads(),
            language.keyHeads(),
            language.context(),
            tower.name(),
            dense ? "\"mm_dense_connector_type\": \"dci\"," : "",
            projected());
  }
}
