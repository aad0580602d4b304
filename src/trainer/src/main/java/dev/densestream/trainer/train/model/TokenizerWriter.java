package dev.densestream.trainer.train.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tokenizer of a closed vocabulary in the format of {@code tokenizer.json}: byte-level, every
 * word one token with and without a blank before it, in lower case and with a capital, and all
 * bytes, so that any text can be read.
 */
public final class TokenizerWriter {
  /** Ends an answer. */
  static final String END = "</s>";

  /** Pieces of the conversation template. */
  private static final List<String> TEMPLATE = List.of("INST", "\u0120[/");

  private static final String BLANK = "\u0120";

  private final Map<String, Integer> vocabulary = new LinkedHashMap<>();

  /**
   * Numbers the tokens.
   *
   * @param words letters alone or digits alone, or one punctuation mark
   */
  public TokenizerWriter(List<String> words) {
    for (int value = 0, spare = 256; value < 256; value++) {
      boolean printable =
          (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xAC) || value >= 0xAE;
      add(String.valueOf((char) (printable ? value : spare++)));
    }
    TEMPLATE.forEach(this::add);
    for (String word : words) {
      String capital = Character.toUpperCase(word.charAt(0)) + word.substring(1);
      List.of(BLANK + word, BLANK + capital, word, capital).forEach(this::add);
    }
  }

  private void add(String token) {
    vocabulary.putIfAbsent(token, vocabulary.size());
  }

  /** Tokens, the end included. */
  public int size() {
    return vocabulary.size() + 1;
  }

  /** Id of the end. */
  int end() {
    return vocabulary.size();
  }

  /** Writes the files. */
  public void write(Path directory) throws IOException {
    JsonMapper json = JsonMapper.shared();
    ObjectNode file = json.createObjectNode().put("version", "1.0");
    file.putNull("truncation").putNull("padding");
    file.putArray("added_tokens")
        .addObject()
        .put("id", end())
        .put("content", END)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
    file.putNull("normalizer").putNull("post_processor");
    file.set("pre_tokenizer", byteLevel(json, false));
    file.set("decoder", byteLevel(json, true));
    ObjectNode model = file.putObject("model").put("type", "BPE");
    model.putNull("dropout").putNull("unk_token");
    model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
    model.put("fuse_unk", false).put("byte_fallback", false);
    model.put("ignore_merges", true); // a word of the vocabulary is taken whole
    ObjectNode tokens = model.putObject("vocab");
    vocabulary.forEach(tokens::put);
    model.putArray("merges");
    Files.writeString(directory.resolve("tokenizer.json"), json.writeValueAsString(file));
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        """
        {
          "tokenizer_class": "PreTrainedTokenizerFast",
          "eos_token": "%s",
          "clean_up_tokenization_spaces": false
        }
        """
            .formatted(END));
    Files.writeString(
        directory.resolve("special_tokens_map.json"), "{\"eos_token\": \"" + END + "\"}\n");
  }

  private static ObjectNode byteLevel(JsonMapper json, boolean prefix) {
    return json.createObjectNode()
        .put("type", "ByteLevel")
        .put("add_prefix_space", prefix)
        .put("trim_offsets", true)
        .put("use_regex", true);
  }
}
