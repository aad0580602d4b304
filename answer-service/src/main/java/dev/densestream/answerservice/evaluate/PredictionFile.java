package dev.densestream.answerservice.evaluate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Predictions as lines {@code {"id","question","answer","pred"}}, which is what the original
 * evaluation writes and FreeVA's grading script reads. What is there already is kept, and known: a
 * run that was interrupted goes on. Holds the predictions that were there.
 */
public final class PredictionFile {
  private final Path file;
  private final Map<String, Known> known = new HashMap<>();

  private record Known(String question, String prediction) {}

  private PredictionFile(Path file) {
    this.file = file;
  }

  /**
   * Reads what is there. A last line that was not finished is removed.
   *
   * @throws IOException when the file can be neither read nor written
   * @throws IllegalArgumentException with a sentence, when a line is no prediction
   */
  public static PredictionFile open(Path file) throws IOException {
    PredictionFile predictions = new PredictionFile(file);
    if (Files.exists(file)) {
      cutUnfinishedLine(file);
      try (Stream<String> lines = Files.lines(file)) {
        int[] number = {0};
        lines.forEach(line -> predictions.know(line, ++number[0]));
      }
    } else {
      Files.createFile(file);
    }
    return predictions;
  }

  private static void cutUnfinishedLine(Path file) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      long end = bytes.length();
      while (end > 0) {
        bytes.seek(end - 1);
        if (bytes.read() == '\n') {
          break;
        }
        end--;
      }
      bytes.setLength(end);
    }
  }

  private void know(String line, int number) {
    JsonNode json;
    try {
      json = JsonMapper.shared().readTree(line);
    } catch (JacksonException notJson) {
      throw new IllegalArgumentException(file + " line " + number + " is not JSON.", notJson);
    }
    if (json.path("id").isMissingNode() || json.path("pred").isMissingNode()) {
      throw new IllegalArgumentException(file + " line " + number + " is no prediction.");
    }
    known.put(
        json.path("id").asString(),
        new Known(json.path("question").asString(""), json.path("pred").asString("")));
  }

  /**
   * What was predicted before.
   *
   * @throws IllegalArgumentException with a sentence, when it was predicted for another question
   */
  public Optional<String> known(VideoQuestion question) {
    Known before = known.get(question.id().text());
    if (before != null && !before.question().equals(question.question())) {
      throw new IllegalArgumentException(
          file
              + " has a prediction for another question "
              + question.id()
              + "; --predictions names a file of the same questions.");
    }
    return Optional.ofNullable(before).map(Known::prediction);
  }

  /** Adds a line, written when this returns. */
  public void add(VideoQuestion question, String prediction) throws IOException {
    ObjectNode line = JsonMapper.shared().createObjectNode();
    question.id().writeTo(line);
    line.put("question", question.question())
        .put("answer", question.answer())
        .put("pred", prediction);
    Files.writeString(
        file,
        JsonMapper.shared().writeValueAsString(line) + "\n",
        UTF_8,
        StandardOpenOption.APPEND);
  }
}
