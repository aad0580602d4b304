package dev.densestream.answerservice.tokenizer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Text to token ids and back. Calls from several threads are allowed. */
public interface Tokenizer extends AutoCloseable {
  /**
   * Opens the tokenizer of a model directory.
   *
   * @throws TokenizerException naming the file, when there is none or it cannot be used
   */
  static Tokenizer open(Path directory) {
    TokenizerFiles files = TokenizerFiles.read(directory);
    if (Files.isRegularFile(directory.resolve("tokenizer.model"))) {
      return SentencePieceTokenizer.open(directory.resolve("tokenizer.model"), files);
    }
    if (Files.isRegularFile(directory.resolve("tokenizer.json"))) {
      return JsonTokenizer.open(directory.resolve("tokenizer.json"), files);
    }
    if (VocabularyFiles.areIn(directory)) {
      return JsonTokenizer.ofVocabulary(directory, files);
    }
    throw new TokenizerException(
        directory
            + " holds no tokenizer: neither tokenizer.model nor tokenizer.json, nor vocab.json"
            + " with merges.txt; add what the model was published with");
  }

  /** As {@link #open(Path)}, with the {@code legacy} key of tokenizer_config.json overridden. */
  static Tokenizer openSentencePiece(Path directory, boolean legacy) {
    return SentencePieceTokenizer.open(
        directory.resolve("tokenizer.model"), TokenizerFiles.read(directory).withLegacy(legacy));
  }

  /**
   * Ids of {@code text}. Special tokens written in the text become their ids.
   *
   * @param addSpecialTokens whether to put the beginning-of-sequence id in front where the
   *     tokenizer's files ask for it
   */
  List<Integer> encode(String text, boolean addSpecialTokens);

  /**
   * Text of {@code ids}.
   *
   * @param skipSpecialTokens whether to leave the tokens out that the files name as bos, eos, unk,
   *     pad or additional special tokens
   * @param blanksAroundAddedTokens whether the class's habit of writing blanks around added tokens
   *     is followed, where it has it
   */
  String decode(List<Integer> ids, boolean skipSpecialTokens, boolean blanksAroundAddedTokens);

  /** Text of {@code ids} as the original shows it to people: special tokens left out. */
  default String decode(List<Integer> ids) {
    return decode(ids, true, true);
  }

  /** Decodes one answer token by token. Not thread-safe. */
  default TextStream stream() {
    return new TextStream(this);
  }

  /** Number of tokens, added ones included: ids are below it. */
  int length();

  /** The id put in front of a text, if the model's files name one. */
  Optional<Integer> beginOfSequence();

  /** The id that ends an answer, if the model's files name one. */
  Optional<Integer> endOfSequence();

  /** The id of a special or added token written exactly so. */
  Optional<Integer> addedToken(String content);

  /**
   * What a token writes behind others: UTF-8, of which it may hold half a character. Nothing for
   * special and other added tokens, and where there is no token of that id.
   */
  byte[] bytes(int id);

  /** Ids left out of decoded text. */
  Set<Integer> specialIds();

  @Override
  void close();
}
