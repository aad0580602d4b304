package dev.densestream.answerservice.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A {@code tokenizer.json}, run by the library that defines that format. */
final class JsonTokenizer implements Tokenizer {
  private final HuggingFaceTokenizer library;
  private final TokenizerFiles files;
  private final Map<String, Integer> added;
  private final Map<Integer, String> addedById = new LinkedHashMap<>();
  private final Set<Integer> specialIds = new LinkedHashSet<>();
  private final int length;

  private JsonTokenizer(HuggingFaceTokenizer library, JsonNode json, TokenizerFiles files) {
    this.library = library;
    this.files = files;
    added = new LinkedHashMap<>(files.added());
    json.path("added_tokens")
        .forEach(token -> added.put(token.path("content").asString(), token.path("id").asInt()));
    files.special().forEach(text -> addedToken(text).ifPresent(specialIds::add));
    added.forEach((text, id) -> addedById.put(id, text));
    int last = added.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
    length = Math.max(json.path("model").path("vocab").size(), last + 1);
  }

  static JsonTokenizer open(Path file, TokenizerFiles files) {
    try {
      JsonNode json = JsonMapper.shared().readTree(file);
      return new JsonTokenizer(library(file), json, files);
    } catch (JacksonException | IOException e) {
      throw new TokenizerException(file + " cannot be read; replace it by the original", e);
    }
  }

  private static HuggingFaceTokenizer library(Path file) throws IOException {
    // Truncating here would silently drop the question; the engine decides about length.
    return HuggingFaceTokenizer.newInstance(
        file, Map.of("truncation", "false", "padding", "false", "modelMaxLength", "2147483647"));
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
