package dev.densestream.answerservice.evaluate;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One question a line. */
record LineQuestions(Path file) {
  /** Longer lines are none of ours. */
  private static final int LONGEST = 1 << 16;

  void read(QuestionSource.Reader reader) throws IOException {
    try (BufferedReader in = Files.newBufferedReader(file)) {
      int number = 0;
      StringBuilder line = new StringBuilder();
      while (next(in, line)) {
        number++;
        String place = file + " line " + number;
        if (line.length() > LONGEST) {
          reader.bad(place + " is longer than " + LONGEST + " characters.");
        } else if (!line.toString().isBlank()) {
          one(line.toString(), place, number, reader);
        }
      }
    }
  }

  /** The next line, at most one character more of it than is allowed; false at the end. */
  private static boolean next(BufferedReader in, StringBuilder line) throws IOException {
    line.setLength(0);
    int read = in.read();
    if (read < 0) {
      return false;
    }
    while (read >= 0 && read != '\n') {
      if (line.length() <= LONGEST) {
        line.append((char) read);
      }
      read = in.read();
    }
    return true;
  }

  private static void one(String line, String place, int number, QuestionSource.Reader reader)
      throws IOException {
    JsonNode json;
    try {
      json = JsonMapper.shared().readTree(line);
    } catch (JacksonException _) {
      reader.bad(place + " is not JSON.");
      return;
    }
    try {
      reader.question(new QuestionFields(json, place).ofLine(number));
    } catch (BadQuestionException bad) {
      reader.bad(String.valueOf(bad.getMessage()));
    }
  }
}
