package dev.densestream.answerservice.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.sentencepiece.SpTokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The slow Llama tokenizer: SentencePiece between added tokens.
 *
 * <p>Legacy: the library puts a blank in front of every stretch of text and takes one away when
 * decoding. Otherwise only the whole text gets one, written by us, and the library none.
 */
final class SentencePieceTokenizer implements Tokenizer {
  private static final String BLANK = "\u2581";

  private final SentencePieceModel model;
  private final TokenizerFiles files;
  private final SpTokenizer library;
  private final Map<String, Integer> added;
  private final AddedTokens addedTokens;
  private final Set<Integer> specialIds;
  private final String unknown;
  private final int unknownLength;

  private SentencePieceTokenizer(SentencePieceModel model, TokenizerFiles files) {
    this.model = model;
    this.files = files;
    boolean legacy = files.flags().legacy();
    library = new SpTokenizer(legacy ? model.bytes() : model.bytesWithoutDummyPrefix());
    added = new LinkedHashMap<>(files.added());
    for (int id = 0; id < model.pieces().size(); id++) {
      String text = model.pieces().get(id).text();
      if (files.special().contains(text)) {
        added.putIfAbsent(text, id);
      }
    }
    addedTokens = new AddedTokens(added.keySet());
    specialIds = new LinkedHashSet<>();
    files.special().forEach(text -> addedToken(text).ifPresent(specialIds::add));
    unknown = files.role("unk_token").orElse("<unk>");
    unknownLength = library.getProcessor().encode(unknown).length;
  }

  static SentencePieceTokenizer open(Path file, TokenizerFiles files) {
    SentencePieceModel model = SentencePieceModel.read(file);
    try {
      return new SentencePieceTokenizer(model, files);
    } catch (RuntimeException e) { // of the library, which looks at more than the pieces
      throw SentencePieceModel.unusable(String.valueOf(file), e);
    }
  }

  @Override
  public List<Integer> encode(String text, boolean addSpecialTokens) {
    List<Integer> ids = new ArrayList<>();
    if (addSpecialTokens && files.flags().addBos()) {
      beginOfSequence().ifPresent(ids::add);
    }
    ids.addAll(files.flags().legacy() || text.isEmpty() ? split(text) : prefixed(text));
    if (addSpecialTokens && files.flags().addEos()) {
      endOfSequence().ifPresent(ids::add);
    }
    return ids;
  }

  private List<Integer> prefixed(String text) {
    List<Integer> ids = split(BLANK + text.replace(BLANK, " "));
    boolean loneBlank =
        ids.size() > 1 && specialIds.contains(ids.get(1)) && text(ids.getFirst()).equals(BLANK);
    return loneBlank ? ids.subList(1, ids.size()) : ids;
  }

  private List<Integer> split(String text) {
    List<Integer> ids = new ArrayList<>();
    for (String part : addedTokens.split(text)) {
      Integer id = added.get(part);
      if (id != null) {
        ids.add(id);
      } else {
        ids.addAll(pieces(part));
      }
    }
    return ids;
  }

  /** The library drops leading blanks without a prefix, so they are encoded behind a known text. */
  private List<Integer> pieces(String text) {
    if (files.flags().legacy() || !(text.startsWith(BLANK) || text.startsWith(" "))) {
      return encode(text);
    }
    List<Integer> ids = encode(unknown + text);
    return ids.size() >= unknownLength ? ids.subList(unknownLength, ids.size()) : ids;
  }

  private List<Integer> encode(String text) {
    int[] ids = library.getProcessor().encode(text);
    List<Integer> list = new ArrayList<>(ids.length);
    for (int id : ids) {
      list.add(id);
    }
    return list;
  }

  @Override
  public String decode(
      List<Integer> ids, boolean skipSpecialTokens, boolean blanksAroundAddedTokens) {
    boolean legacy = files.flags().legacy();
    PieceText text = new PieceText(legacy, legacy && model.addsDummyPrefix());
    for (int id : ids) {
      if (skipSpecialTokens && specialIds.contains(id)) {
        continue;
      }
      if (specialIds.contains(id)) {
        text.special(text(id));
      } else if (id >= model.pieces().size() || added.containsKey(text(id))) {
        text.added(text(id));
      } else {
        text.piece(model.pieces().get(id));
      }
    }
    String decoded = text.finish();
    return files.flags().cleanUp() ? CleanUp.apply(decoded) : decoded;
  }

  private String text(int id) {
    if (id >= 0 && id < model.pieces().size()) {
      return model.pieces().get(id).text();
    }
    return added.entrySet().stream()
        .filter(e -> e.getValue() == id)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }

  @Override
  public byte[] bytes(int id) {
    if (id < 0 || id >= model.pieces().size() || added.containsKey(text(id))) {
      return new byte[0];
    }
    SentencePieceModel.Piece piece = model.pieces().get(id);
    if (piece.isByte()) {
      return new byte[] {piece.byteValue()};
    }
    return piece.isText() ? piece.text().replace(BLANK, " ").getBytes(UTF_8) : new byte[0];
  }

  @Override
  public int length() {
    int last = added.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
    return Math.max(model.pieces().size(), last + 1);
  }

  @Override
  public Optional<Integer> beginOfSequence() {
    return files.role("bos_token").or(() -> Optional.of("<s>")).flatMap(this::addedToken);
  }

  @Override
  public Optional<Integer> endOfSequence() {
    return files.role("eos_token").or(() -> Optional.of("</s>")).flatMap(this::addedToken);
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
