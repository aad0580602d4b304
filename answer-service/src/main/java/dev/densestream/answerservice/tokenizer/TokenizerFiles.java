package dev.densestream.answerservice.tokenizer;

import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.ModelConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.IntNode;
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
    return of(
        file(directory.resolve("tokenizer_config.json")),
        file(directory.resolve("special_tokens_map.json")),
        file(directory.resolve("added_tokens.json")));
  }

  /** What is missing says nothing. */
  private static ModelConfig file(Path file) {
    return Files.exists(file)
        ? ModelConfig.read(file)
        : ModelConfig.parse(String.valueOf(file), new byte[] {'{', '}'});
  }

  /**
   * From the three files' content.
   *
   * @throws CheckpointException naming file and key of what is of the wrong kind
   */
  static TokenizerFiles of(ModelConfig config, ModelConfig specials, ModelConfig older) {
    Map<String, String> named = new LinkedHashMap<>();
    Set<String> special = new LinkedHashSet<>();
    for (ModelConfig file : List.of(specials, config)) {
      for (String role : ROLES) {
        token(file, role).ifPresent(text -> named.put(role, text));
      }
      special.addAll(additional(file));
    }
    special.addAll(named.values());
    String className = config.string("tokenizer_class", "");
    return new TokenizerFiles(
        className, named, special, added(older, config), flags(config, className));
  }

  private static List<String> additional(ModelConfig file) {
    String key = "additional_special_tokens";
    if (!file.has(key)) {
      return List.of();
    }
    List<Optional<String>> tokens =
        file.json().path(key).valueStream().map(TokenizerFiles::content).toList();
    if (!file.json().path(key).isArray() || tokens.stream().anyMatch(Optional::isEmpty)) {
      throw file.wrong(key, "a list of tokens");
    }
    return tokens.stream().flatMap(Optional::stream).toList();
  }

  /** From the older file, and from the newer key, which wins. */
  private static Map<String, Integer> added(ModelConfig older, ModelConfig config) {
    Map<String, Integer> added = new LinkedHashMap<>();
    for (String content : older.json().propertyNames()) {
      added.put(content, TokenizerJson.id(older.file(), content, older.json().path(content)));
    }
    String key = "added_tokens_decoder";
    if (!config.has(key)) {
      return added;
    }
    ModelConfig newer = config.section(key);
    for (String id : newer.json().propertyNames()) {
      String content = token(newer, id).orElseThrow(() -> newer.wrong(id, "a token, not nothing"));
      added.put(content, id(config.file(), content, id));
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
  private static Flags flags(ModelConfig config, String className) {
    return new Flags(
        config.flag("add_bos_token", true),
        config.flag("add_eos_token", false),
        config.flag("legacy", true),
        config.flag("clean_up_tokenization_spaces", true),
        BLANK_WRITERS.contains(className),
        config.flag("add_prefix_space", false));
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

  private static Optional<String> token(ModelConfig file, String key) {
    if (!file.has(key)) {
      return Optional.empty();
    }
    Optional<String> content = content(file.json().path(key));
    if (content.isEmpty()) {
      throw file.wrong(key, "a token: its text, or an object with the key content");
    }
    return content;
  }

  /** A token is written as its text or as an object with the key {@code content}. */
  private static Optional<String> content(JsonNode token) {
    JsonNode text = token.isObject() ? token.path("content") : token;
    return text.isString() ? Optional.of(text.asString()) : Optional.empty();
  }
}
