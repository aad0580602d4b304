package dev.densestream.answerservice.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code vocab.json} and {@code merges.txt}, which byte-level tokenizers have where there is no
 * {@code tokenizer.json}: the same content, put together to one as the class named in
 * tokenizer_config.json would.
 */
final class VocabularyFiles {
  private static final String VOCABULARY = "vocab.json";
  private static final String MERGES = "merges.txt";

  /** How Qwen2's class cuts a text; that of GPT-2 is the default of the format. */
  private static final String QWEN2_PATTERN =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|"
          + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private final Path directory;
  private final TokenizerFiles files;
  private final JsonMapper json = JsonMapper.shared();

  VocabularyFiles(Path directory, TokenizerFiles files) {
    this.directory = directory;
    this.files = files;
  }

  static boolean areIn(Path directory) {
    return Files.isRegularFile(directory.resolve(VOCABULARY))
        && Files.isRegularFile(directory.resolve(MERGES));
  }

  /** A {@code tokenizer.json}. */
  ObjectNode joined() {
    boolean qwen2 = isQwen2();
    JsonNode vocabulary = vocabulary();
    ObjectNode joined = json.createObjectNode().put("version", "1.0");
    joined.set("added_tokens", addedTokens(vocabulary));
    joined.set("normalizer", qwen2 ? typed("NFC") : json.nullNode());
    joined.set("pre_tokenizer", qwen2 ? split() : byteLevel(files.flags().addPrefixSpace(), true));
    joined.set("post_processor", byteLevel(false, true));
    joined.set("decoder", byteLevel(true, true));
    ObjectNode model = typed("BPE");
    model.set("vocab", vocabulary);
    model.set("merges", merges());
    joined.set("model", model);
    return joined;
  }

  private boolean isQwen2() {
    return switch (files.className().replace("Fast", "")) {
      case "Qwen2Tokenizer" -> true;
      case "GPT2Tokenizer", "CodeGenTokenizer", "" -> false;
      default ->
          throw new TokenizerException(
              directory
                  + " has "
                  + VOCABULARY
                  + " and "
                  + MERGES
                  + " of a "
                  + files.className()
                  + ", which is not known; add its tokenizer.json");
    };
  }

  private JsonNode vocabulary() {
    Path file = directory.resolve(VOCABULARY);
    JsonNode vocabulary = TokenizerJson.read(file);
    vocabulary
        .properties()
        .forEach(entry -> TokenizerJson.id(String.valueOf(file), entry.getKey(), entry.getValue()));
    return vocabulary;
  }

  private ArrayNode merges() {
    Path file = directory.resolve(MERGES);
    ArrayNode merges = json.createArrayNode();
    try {
      TokenizerJson.requireSize(file, TokenizerJson.LARGEST);
      Files.readString(file)
          .lines()
          .filter(line -> !line.startsWith("#version") && !line.isBlank())
          .forEach(merges::add);
    } catch (IOException e) {
      throw TokenizerJson.unreadable(file, e);
    }
    return merges;
  }

  /** By id: those the files list, and special ones that are part of the vocabulary itself. */
  private ArrayNode addedTokens(JsonNode vocabulary) {
    Map<Integer, String> byId = new TreeMap<>();
    for (String content : files.special()) {
      Optional.ofNullable(vocabulary.get(content))
          .ifPresent(id -> byId.put(id.intValue(), content));
    }
    files.added().forEach((content, id) -> byId.put(id, content));
    ArrayNode tokens = json.createArrayNode();
    byId.forEach(
        (id, content) ->
            tokens
                .addObject()
                .put("id", id.intValue())
                .put("content", content)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", files.special().contains(content)));
    return tokens;
  }

  private ObjectNode split() {
    ObjectNode cut = typed("Split").put("behavior", "Isolated").put("invert", false);
    cut.set("pattern", json.createObjectNode().put("Regex", QWEN2_PATTERN));
    ObjectNode sequence = typed("Sequence");
    sequence.set("pretokenizers", json.createArrayNode().add(cut).add(byteLevel(false, false)));
    return sequence;
  }

  private ObjectNode byteLevel(boolean prefix, boolean pattern) {
    return typed("ByteLevel")
        .put("add_prefix_space", prefix)
        .put("trim_offsets", true)
        .put("use_regex", pattern);
  }

  private ObjectNode typed(String type) {
    return json.createObjectNode().put("type", type);
  }
}
