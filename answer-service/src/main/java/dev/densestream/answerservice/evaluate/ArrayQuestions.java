package dev.densestream.answerservice.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;

/** An array of questions, with the answers in it, or in another array in the same order. */
record ArrayQuestions(Path file, Optional<Path> answers) {
  void read(QuestionSource.Reader reader) throws IOException {
    try (MappingIterator<JsonNode> questions = open(file)) {
      if (answers.isEmpty()) {
        published(questions, reader);
        return;
      }
      try (MappingIterator<JsonNode> others = open(answers.orElseThrow())) {
        paired(questions, others, reader);
      }
    }
  }

  private static MappingIterator<JsonNode> open(Path file) {
    return JsonMapper.shared().readerFor(JsonNode.class).readValues(file);
  }

  private void published(MappingIterator<JsonNode> questions, QuestionSource.Reader reader)
      throws IOException {
    JsonNode json = next(questions, file, reader);
    for (int number = 1; json != null; number++, json = next(questions, file, reader)) {
      QuestionFields fields = new QuestionFields(json, place(file, number));
      accept(reader, fields::ofPublished);
    }
  }

  private void paired(
      MappingIterator<JsonNode> questions,
      MappingIterator<JsonNode> others,
      QuestionSource.Reader reader)
      throws IOException {
    Path second = answers.orElseThrow();
    JsonNode json = next(questions, file, reader);
    for (int number = 1; json != null; number++, json = next(questions, file, reader)) {
      JsonNode answer = next(others, second, reader);
      if (answer == null) {
        reader.bad(place(file, number) + " has no answer in " + second + ".");
        return;
      }
      QuestionFields fields = new QuestionFields(json, place(file, number));
      QuestionFields answerFields = new QuestionFields(answer, place(second, number));
      accept(reader, () -> fields.with(answerFields));
    }
  }

  private static void accept(QuestionSource.Reader reader, Making making) throws IOException {
    VideoQuestion question;
    try {
      question = making.make();
    } catch (BadQuestionException bad) {
      reader.bad(String.valueOf(bad.getMessage()));
      return;
    }
    reader.question(question);
  }

  private interface Making {
    VideoQuestion make() throws BadQuestionException;
  }

  /** Null at the end, which is also where the file is no JSON any more. */
  private static @Nullable JsonNode next(
      MappingIterator<JsonNode> entries, Path file, QuestionSource.Reader reader) {
    try {
      return entries.hasNextValue() ? entries.nextValue() : null;
    } catch (JacksonException broken) {
      reader.bad(file + " line " + broken.getLocation().getLineNr() + " is not JSON.");
      return null;
    }
  }

  private static String place(Path file, int number) {
    return file + " entry " + number;
  }
}
