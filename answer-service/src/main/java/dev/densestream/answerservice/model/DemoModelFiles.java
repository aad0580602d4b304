package dev.densestream.answerservice.model;

import java.util.List;

/** Files of the demo model. */
final class DemoModelFiles {
  static final String TOWER = "clip-vit-demo-patch12-120";
  static final List<String> NAMES =
      List.of(
          "config.json",
          "densestream.json",
          "model.safetensors",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          TOWER + "/config.json",
          TOWER + "/preprocessor_config.json",
          TOWER + "/model.safetensors");

  private DemoModelFiles() {}
}
