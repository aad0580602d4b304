package dev.densestream.answerservice.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.visionpipeline.CheckpointException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DamagedTokenizerTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"tokenizer.model", "tokenizer.json", "vocab.json"})
  void refusesFilesTooLargeForATokenizer_unread(String name) throws IOException {
    write("merges.txt", "");
    write("vocab.json", "{}");
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve(name).toFile(), "rw")) {
      file.setLength(50L << 20); // a hole: nothing is written
    }
    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(TokenizerException.class)
        .hasMessageStartingWith(folder.resolve(name) + " has 52428800 bytes, more than");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "tokenizer.json | [] | must be a JSON object",
        "tokenizer.json | {'a': | is not valid JSON",
        "tokenizer.json | {} | is no tokenizer that can be used",
        "tokenizer.json | {'model':{'type':'BPE','vocab':{'a':-1},'merges':[]}} | can be used",
        "vocab.json | {'a':-1} | token \"a\" must have an id from 0 to 16777215",
        "vocab.json | {'a':'b'} | token \"a\" must have an id",
        "vocab.json | {'a':99999999999} | token \"a\" must have an id",
        "added_tokens.json | {'<x>':16777216} | token \"<x>\" must have an id",
        "tokenizer_config.json | {'added_tokens_decoder':{'-7':{'content':'y'}}} | token \"y\"",
        "tokenizer_config.json | {'tokenizer_class':'BertTokenizer'} | of a BertTokenizer",
        "special_tokens_map.json | 7 | must be a JSON object",
        "special_tokens_map.json | {'bos_token':7} | key bos_token must be a token",
        "special_tokens_map.json | {'additional_special_tokens':'x'} | must be a list of tokens",
        "special_tokens_map.json | {'additional_special_tokens':[{}]} | must be a list of tokens",
        "tokenizer_config.json | {'tokenizer_class':['x']} | key tokenizer_class must be a string",
        "tokenizer_config.json | {'add_bos_token':'yes'} | key add_bos_token must be true or false",
        "tokenizer_config.json | {'legacy':1} | key legacy must be true or false",
        "tokenizer_config.json | {'added_tokens_decoder':[1]} | must be an object",
        "tokenizer_config.json | {'added_tokens_decoder':{'5':[]}} | key added_tokens_decoder.5",
        "tokenizer_config.json | {'added_tokens_decoder':{'5':null}} | key added_tokens_decoder.5",
        "tokenizer_config.json | {'legacy':true,'legacy':false} | Duplicate",
        "added_tokens.json | {} {} | is not valid JSON",
        "vocab.json | {'a':0,'a':1} | Duplicate",
      })
  void refusesDamagedJson_namingTheFile(String name, String content, String complaint)
      throws IOException {
    write("merges.txt", "#version: 0.2\n");
    write("vocab.json", "{\"a\":0}");
    assertThat(Tokenizer.open(folder)).satisfies(Tokenizer::close); // the control
    write(name, content.replace('\'', '"'));
    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOfAny(TokenizerException.class, CheckpointException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining(complaint);
  }

  @Test
  void refusesJsonThatNestsTooDeeply() throws IOException {
    write("tokenizer.json", "{\"a\":" + "[".repeat(100_000));
    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("tokenizer.json is not valid JSON");
  }

  /** Each a protocol buffer that breaks off or lies about a length. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // no pieces
        "0a", // a field without its length
        "0a05", // five bytes promised, none there
        "0affffffffffffffffff01", // a length beyond any
        "0affffffff0f", // a negative one
        "0f", // a wire type that is none
        "80", // a number that breaks off
        "0a0718063a03414243", // a byte piece without a text
        "0a0a0a063c30785a5a3e1806", // <0xZZ>
        "1a021800", // a normalizer alone
        "0a021a00", // a kind of no bytes
      })
  void refusesDamagedSentencePieceModels(String hex) throws IOException {
    Path file = folder.resolve("tokenizer.model");
    Files.write(file, HexFormat.of().parseHex(hex));
    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(TokenizerException.class)
        .hasMessage(file + " cannot be read as a SentencePiece model; replace it by the original");
  }

  private void write(String name, String content) throws IOException {
    Files.write(folder.resolve(name), content.getBytes(StandardCharsets.UTF_8));
  }
}
