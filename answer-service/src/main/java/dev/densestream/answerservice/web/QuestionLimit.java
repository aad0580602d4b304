package dev.densestream.answerservice.web;

import dev.densestream.answerservice.Question;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;

/** No stream is asked more questions than {@value Question#MOST_PER_STREAM}. */
final class QuestionLimit {
  private QuestionLimit() {}

  /** Throws 409 if a stream would be asked too many. A question that stays where it is may stay. */
  static void require(Question put, Collection<Question> standing) {
    Map<String, Long> others =
        standing.stream()
            .filter(other -> !other.id().equals(put.id()))
            .collect(Collectors.groupingBy(Question::stream, Collectors.counting()));
    boolean stays =
        standing.stream()
            .anyMatch(one -> one.id().equals(put.id()) && one.stream().equals(put.stream()));
    if (!stays && most(put, others) >= Question.MOST_PER_STREAM) {
      throw new ProblemException(
          HttpStatus.CONFLICT,
          "too_many_questions",
          "A stream is asked at most "
              + Question.MOST_PER_STREAM
              + " questions, those on all streams included; withdraw one first.");
    }
  }

  /** How many the fullest of the streams that a question concerns has already. */
  private static long most(Question put, Map<String, Long> others) {
    long everywhere = others.getOrDefault(Question.ALL_STREAMS, 0L);
    if (!put.stream().equals(Question.ALL_STREAMS)) {
      return everywhere + others.getOrDefault(put.stream(), 0L);
    }
    return everywhere
        + others.entrySet().stream()
            .filter(stream -> !stream.getKey().equals(Question.ALL_STREAMS))
            .mapToLong(Map.Entry::getValue)
            .max()
            .orElse(0);
  }
}
