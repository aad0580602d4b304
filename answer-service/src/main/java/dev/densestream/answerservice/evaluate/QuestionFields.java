package dev.densestream.answerservice.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The fields of an entry.
 *
 * @param place such as {@code questions.jsonl line 3}, for sentences
 */
record QuestionFields(JsonNode json, String place) {
  /** The numbers that ActivityNet-QA has in place of types, by its paper's table. */
  private static final List<String> ACTIVITYNET =
      List.of(
          "motion",
          "spatial",
          "temporal",
          "yes/no",
          "colour",
          "object",
          "location",
          "number",
          "other");

  VideoQuestion ofLine(int number) throws BadQuestionException {
    String answer = required("answer");
    List<String> choices = choices();
    if (!choices.isEmpty() && choices.stream().noneMatch(answer::equals)) {
      throw bad("has the answer \"" + answer + "\", which is none of its choices");
    }
    String question = required("question");
    QuestionId id = text("id").isPresent() ? id("id") : QuestionId.text(String.valueOf(number));
    return new VideoQuestion(
        id, required("video"), question, answer, text("type").orElse("open"), choices);
  }

  /** As published: a number for the video, the answer beside the question. */
  VideoQuestion ofPublished() throws BadQuestionException {
    String question = required("question");
    return new VideoQuestion(
        id("id"),
        required("video_id"),
        question,
        required("answer"),
        firstWord(question),
        List.of());
  }

  /** As the original evaluation reads it. */
  VideoQuestion with(QuestionFields answer) throws BadQuestionException {
    QuestionId id = id("question_id");
    Optional<String> other = answer.text("question_id");
    if (other.isPresent() && !other.orElseThrow().equals(id.text())) {
      throw answer.bad("answers question " + other.orElseThrow() + ", but " + id + " is asked");
    }
    String question = required("question");
    return new VideoQuestion(
        id,
        required("video_name"),
        question,
        answer.required("answer"),
        answer.type().orElseGet(() -> firstWord(question)),
        List.of());
  }

  private Optional<String> type() {
    Optional<String> type = text("type");
    int number = json.path("type").isInt() ? json.path("type").asInt() : -1;
    return number >= 0 && number < ACTIVITYNET.size() ? Optional.of(ACTIVITYNET.get(number)) : type;
  }

  /** What, who, how, when, where: the types of MSVD-QA and MSRVTT-QA. */
  private static String firstWord(String question) {
    String word = question.strip().toLowerCase(Locale.ROOT).replaceAll("[^a-z].*", "");
    return word.isEmpty() ? "open" : word;
  }

  private List<String> choices() throws BadQuestionException {
    JsonNode array = json.path("choices");
    if (array.isMissingNode()) {
      return List.of();
    }
    List<String> choices = new ArrayList<>();
    for (JsonNode choice : array) {
      choices.add(choice.isString() ? choice.asString() : "");
    }
    if (!array.isArray() || choices.isEmpty() || choices.contains("")) {
      throw bad("has choices that are not an array of texts");
    }
    return choices;
  }

  private QuestionId id(String field) throws BadQuestionException {
    return QuestionId.of(json.path(field), required(field));
  }

  private String required(String field) throws BadQuestionException {
    return text(field).orElseThrow(() -> bad("has no \"" + field + "\""));
  }

  /** Texts, and numbers as texts; nothing for what is missing or blank. */
  private Optional<String> text(String field) {
    JsonNode value = json.path(field);
    boolean scalar = value.isString() || value.isNumber();
    return Optional.of(scalar ? value.asString() : "").filter(text -> !text.isBlank());
  }

  private BadQuestionException bad(String what) {
    return new BadQuestionException(place + " " + what + ".");
  }
}
