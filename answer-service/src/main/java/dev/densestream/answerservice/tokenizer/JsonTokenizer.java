package dev.densestream.answerservice.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A {@code tokenizer.json}, run by the library that defines that format. */
final class JsonTokenizer implements Tokenizer {
  static {
    // Where there is a GPU the library would fetch one made for its CUDA, though it computes on
    // none. The environment's RUST_FLAVOR, or one given to the JVM, goes before this.
    System.getProperties().putIfAbsent("RUST_FLAVOR", "cpu");
  }

  private final HuggingFaceTokenizer library;
  private final TokenizerFiles files;
  private final Map<String, Integer> added;
  private final Map<Integer, String> addedById = new LinkedHashMap<>();
  private final Set<Integer> specialIds = new LinkedHashSet<>();
  private final int length;
  private final byte[][] written;

  private JsonTokenizer(
      String name, HuggingFaceTokenizer library, JsonNode json, TokenizerFiles files) {
    this.library = library;
    this.files = files;
    added = new LinkedHashMap<>(files.added());
    for (JsonNode token : json.path("added_tokens")) {
      String content = token.path("content").asString();
      added.put(content, TokenizerJson.id(name, content, token.path("id")));
    }
    files.special().forEach(text -> addedToken(text).ifPresent(specialIds::add));
    added.forEach((text, id) -> addedById.put(id, text));
    int last = added.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
    length = Math.max(json.path("model").path("vocab").size(), last + 1);
    written = TokenBytes.of(json, length, addedById.keySet());
  }

  static JsonTokenizer open(Path file, TokenizerFiles files) {
    String name = String.valueOf(file);
    byte[] content = TokenizerJson.bytes(file);
    return open(name, content, TokenizerJson.parse(name, content), files);
  }

  /** From {@code vocab.json} and {@code merges.txt}. */
  static JsonTokenizer ofVocabulary(Path directory, TokenizerFiles files) {
    JsonNode json = new VocabularyFiles(directory, files).joined();
    byte[] content = JsonMapper.shared().writeValueAsBytes(json);
    return open("vocab.json with merges.txt in " + directory, content, json, files);
  }

  private static JsonTokenizer open(
      String name, byte[] content, JsonNode json, TokenizerFiles files) {
    HuggingFaceTokenizer library = library(name, content);
    try {
      return new JsonTokenizer(name, library, json, files);
    } catch (RuntimeException e) {
      library.close();
      throw e instanceof TokenizerException ? e : unusable(name, e);
    }
  }

  private static HuggingFaceTokenizer library(String name, byte[] content) {
    // Truncating here would silently drop the question; the engine decides about length.
    Map<String, String> options =
        Map.of("truncation", "false", "padding", "false", "modelMaxLength", "2147483647");
    try {
      return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(content), options);
    } catch (IOException | RuntimeException e) {
      throw unusable(name, e);
    }
  }

  private static TokenizerException unusable(String name, Exception cause) {
    return new TokenizerException(
        name + " is no tokenizer that can be used; replace it by the original", cause);
  }

  @Override
  public List<Integer> encode(String text, boolean addSpecialTokens) {
    long[] ids = library.encode(text, addSpecialTokens, false).getIds();
    List<Integer> list = new ArrayList<>(ids.length);
    for (long id : ids) {
      list.add(Math.toIntExact(id));
    }
    return list;
  }

  @Override
  public String decode(
      List<Integer> ids, boolean skipSpecialTokens, boolean blanksAroundAddedTokens) {
    List<String> parts = new ArrayList<>();
    List<Integer> run = new ArrayList<>();
    for (int id : ids) {
      if (skipSpecialTokens && specialIds.contains(id)) {
        continue;
      }
      String content = specialIds.contains(id) ? null : addedById.get(id);
      if (content == null) {
        run.add(id);
      } else {
        decodeRun(run, parts);
        parts.add(content);
      }
    }
    decodeRun(run, parts);
    boolean blanks = blanksAroundAddedTokens && files.flags().blanksAroundAddedTokens();
    String text = String.join(blanks ? " " : "", parts);
    return files.flags().cleanUp() ? CleanUp.apply(text) : text;
  }

  private void decodeRun(List<Integer> run, List<String> parts) {
    if (!run.isEmpty()) {
      String text = library.decode(run.stream().mapToLong(Integer::longValue).toArray(), false);
      if (!text.isEmpty()) {
        parts.add(text);
      }
      run.clear();
    }
  }

  @Override
  public byte[] bytes(int id) {
    return id < 0 || id >= length ? new byte[0] : written[id].clone();
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public Optional<Integer> beginOfSequence() {
    return files.role("bos_token").flatMap(this::addedToken);
  }

  @Override
  public Optional<Integer> endOfSequence() {
    return files.role("eos_token").flatMap(this::addedToken);
  }

  @Override
  public Optional<Integer> addedToken(String content) {
    return Optional.ofNullable(added.get(content));
  }

  @Override
  public Set<Integer> specialIds() {
    return specialIds;
  }

  @Override
  public void close() {
    library.close();
  }
}
