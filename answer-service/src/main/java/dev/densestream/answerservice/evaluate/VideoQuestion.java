package dev.densestream.answerservice.evaluate;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.AnswerFormat;
import java.util.List;

/**
 * A question about a video, with its answer.
 *
 * @param id unique in its file
 * @param video the file's name, or the name that {@link VideoFolder} finds it by
 * @param type such as {@code colour}; what accuracy is told by
 * @param choices the answers that are possible; empty for an open question
 */
public record VideoQuestion(
    QuestionId id,
    String video,
    String question,
    String answer,
    String type,
    List<String> choices) {
  public VideoQuestion {
    requireNonNull(id, "id is null");
    requireNonNull(video, "video is null");
    requireNonNull(question, "question is null");
    requireNonNull(answer, "answer is null");
    requireNonNull(type, "type is null");
    choices = List.copyOf(choices);
  }

  /** One of its choices where it has several, and free text otherwise. */
  public AnswerFormat choosing() {
    return choices.size() > 1 ? new AnswerFormat.Choices(choices) : AnswerFormat.text();
  }
}
