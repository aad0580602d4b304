package dev.densestream.answerservice.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file of questions, read one by one as often as one likes. Which format it is in shows in its
 * first character and its fields:
 *
 * <ul>
 *   <li>lines {@code {"video","question","answer","type"?,"choices"?,"id"?}};
 *   <li>an array of {@code {"video_name","question","question_id"}}, with the answers as a second
 *       array of {@code {"answer","type"?,"question_id"?}} in the same order, as the original
 *       evaluation reads them for MSVD-QA, MSRVTT-QA and ActivityNet-QA;
 *   <li>an array of {@code {"video_id","question","answer","id"}}, as MSVD-QA and MSRVTT-QA were
 *       published.
 * </ul>
 */
public record QuestionSource(Path questions, Optional<Path> answers) {
  /** What is done with a question, or with a sentence about what is wrong with an entry. */
  public interface Reader {
    void question(VideoQuestion question) throws IOException;

    void bad(String sentence);
  }

  /**
   * Reads all entries, in order, holding one at a time.
   *
   * @throws IOException when a file cannot be read
   */
  public void read(Reader reader) throws IOException {
    if (isArray()) {
      new ArrayQuestions(questions, answerFile()).read(reader);
    } else {
      new LineQuestions(questions).read(reader);
    }
  }

  /** That given, else the one beside the questions that is named as the original names it. */
  private Optional<Path> answerFile() {
    String name = String.valueOf(questions.getFileName());
    return answers.or(
        () ->
            Optional.of(questions.resolveSibling(name.replace("_q.json", "_a.json")))
                .filter(other -> !other.equals(questions))
                .filter(Files::isRegularFile));
  }

  private boolean isArray() throws IOException {
    try (var in = Files.newBufferedReader(questions)) {
      int first = in.read();
      while (Character.isWhitespace(first)) {
        first = in.read();
      }
      return first == '[';
    }
  }
}
