package dev.densestream.answerservice.parity;

import dev.densestream.answerservice.prompt.ImagePrompt;
import dev.densestream.answerservice.tokenizer.Tokenizer;
import dev.densestream.framesampler.ParityResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Kind {@code tokenizer}: every row of every tokenizer folder, ids and texts exactly. */
final class TokenizerParity {
  private static final String KIND = "tokenizer";

  private TokenizerParity() {}

  static List<ParityResult> run(Path folder) {
    List<ParityResult> results = new ArrayList<>();
    for (Path directory : Fixtures.folders(folder)) {
      JsonNode file = Fixtures.json(directory.resolve("encodings.json"));
      String name = String.valueOf(directory.getFileName());
      if (Files.exists(directory.resolve("tokenizer.model"))) {
        results.addAll(run(directory, file, name, "legacy"));
        results.addAll(run(directory, file, name, "not_legacy"));
      } else {
        results.addAll(run(directory, file, name, "slow"));
      }
    }
    return results;
  }

  private static List<ParityResult> run(
      Path directory, JsonNode file, String name, String variant) {
    try (Tokenizer tokenizer = open(directory, variant)) {
      List<ParityResult> results = new ArrayList<>();
      results.add(
          exact(name + " " + variant + " length", tokenizer.length(), file.path("length").asInt()));
      int row = 0;
      for (JsonNode entry : file.path("rows")) {
        JsonNode expected = entry.path(variant);
        if (!expected.isMissingNode()) {
          String text = entry.path("text").asString();
          results.addAll(row(tokenizer, text, expected, name + " " + variant + " row " + row));
        }
        row++;
      }
      return results;
    }
  }

  private static Tokenizer open(Path directory, String variant) {
    return variant.equals("slow")
        ? Tokenizer.open(directory)
        : Tokenizer.openSentencePiece(directory, variant.equals("legacy"));
  }

  private static List<ParityResult> row(
      Tokenizer tokenizer, String text, JsonNode expected, String name) {
    List<Integer> ids = Fixtures.ints(expected.path("ids"));
    return List.of(
        exact(name + " ids", tokenizer.encode(text, true), ids),
        exact(
            name + " without_special",
            tokenizer.encode(text, false),
            Fixtures.ints(expected.path("without_special"))),
        exact(
            name + " image_ids",
            ImagePrompt.of(tokenizer, text).ids(),
            Fixtures.ints(expected.path("image_ids"))),
        exact(
            name + " decoded",
            tokenizer.decode(ids, false, true),
            expected.path("decoded").asString()),
        exact(
            name + " decoded_skip",
            tokenizer.decode(ids, true, true),
            expected.path("decoded_skip").asString()),
        exact(
            name + " decoded_no_gaps",
            tokenizer.decode(ids, false, false),
            expected.path("decoded_no_gaps").asString()));
  }

  private static ParityResult exact(String name, Object actual, Object expected) {
    return ParityResult.exact(
        KIND, name, actual.equals(expected), "was " + actual + ", expected " + expected);
  }
}
