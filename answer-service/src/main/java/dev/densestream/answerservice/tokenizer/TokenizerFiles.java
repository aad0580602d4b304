package dev.densestream.answerservice.tokenizer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.NullNode;

/**
 * What tokenizer_config.json and special_tokens_map.json say.
 *
 * @param className of the tokenizer in Python; empty where no file names it
 * @param named the special tokens by role: {@code bos_token} and so on
 * @param special contents of all named special tokens, additional ones included
 * @param added added tokens by content, special or not
 */
record TokenizerFiles(
    String className,
    Map<String, String> named,
    Set<String> special,
    Map<String, Integer> added,
    Flags flags) {
  private static final String CONFIG = "tokenizer_config.json";
  private static final Set<String> ROLES =
      Set.of("bos_token", "eos_token", "unk_token", "pad_token", "sep_token", "cls_token");
  // These classes join the pieces around added tokens with a blank when they decode.
  private static final Set<String> BLANK_WRITERS = Set.of("CodeGenTokenizer", "GPT2Tokenizer");

  /**
   * @param legacy SentencePiece: text after a special token gets a prefix blank again
   * @param cleanUp blanks before punctuation and shortened forms are removed when decoding
   */
  record Flags(
      boolean addBos,
      boolean addEos,
      boolean legacy,
      boolean cleanUp,
      boolean blanksAroundAddedTokens,
      boolean addPrefixSpace) {}

  static TokenizerFiles read(Path directory) {
    JsonNode config = json(directory.resolve(CONFIG));
    Map<String, String> named = new LinkedHashMap<>();
    Set<String> special = new LinkedHashSet<>();
    for (JsonNode file :
        new JsonNode[] {json(directory.resolve("special_tokens_map.json")), config}) {
      for (String role : ROLES) {
        content(file.path(role)).ifPresent(text -> named.put(role, text));
      }
      file.path("additional_special_tokens").forEach(e -> content(e).ifPresent(special::add));
    }
    special.addAll(named.values());
    String className = text(config.path("tokenizer_class"));
    return new TokenizerFiles(className, named, special, added(directory, config), flags(config));
  }

  /** From the older file, and from the newer key, which wins. */
  private static Map<String, Integer> added(Path directory, JsonNode config) {
    Map<String, Integer> added = new LinkedHashMap<>();
    Path older = directory.resolve("added_tokens.json");
    for (Map.Entry<String, JsonNode> entry : json(older).properties()) {
      added.put(
          entry.getKey(),
          TokenizerJson.id(String.valueOf(older), entry.getKey(), entry.getValue()));
    }
    String newer = String.valueOf(directory.resolve(CONFIG));
    for (Map.Entry<String, JsonNode> entry : config.path("added_tokens_decoder").properties()) {
      Optional<String> content = content(entry.getValue());
      if (content.isPresent()) {
        added.put(content.get(), id(newer, content.get(), entry.getKey()));
      }
    }
    return added;
  }

  /** Here the id is the key. */
  private static int id(String file, String content, String key) {
    JsonNode id =
        key.matches("[0-9]{1,9}") ? IntNode.valueOf(Integer.parseInt(key)) : NullNode.instance;
    return TokenizerJson.id(file, content, id);
  }

  // Defaults are those of the Python classes when the key is absent.
  private static Flags flags(JsonNode config) {
    return new Flags(
        config.path("add_bos_token").asBoolean(true),
        config.path("add_eos_token").asBoolean(false),
        config.path("legacy").asBoolean(true),
        config.path("clean_up_tokenization_spaces").asBoolean(true),
        BLANK_WRITERS.contains(text(config.path("tokenizer_class"))),
        config.path("add_prefix_space").asBoolean(false));
  }

  TokenizerFiles withLegacy(boolean legacy) {
    return new TokenizerFiles(
        className,
        named,
        special,
        added,
        new Flags(
            flags.addBos,
            flags.addEos,
            legacy,
            flags.cleanUp,
            flags.blanksAroundAddedTokens,
            flags.addPrefixSpace));
  }

  Optional<String> role(String role) {
    return Optional.ofNullable(named.get(role));
  }

  /** A token is written as its text or as an object with the key {@code content}. */
  private static Optional<String> content(JsonNode token) {
    JsonNode text = token.isObject() ? token.path("content") : token;
    return text.isString() ? Optional.of(text.asString()) : Optional.empty();
  }

  private static JsonNode json(Path file) {
    if (!Files.isRegularFile(file)) {
      return MissingNode.getInstance();
    }
    return TokenizerJson.read(file);
  }

  private static String text(JsonNode value) {
    return value.isString() ? value.asString() : "";
  }
}
