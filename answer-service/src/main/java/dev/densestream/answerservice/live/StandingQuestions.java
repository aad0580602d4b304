package dev.densestream.answerservice.live;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.Question;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.ingest.StreamId;
import dev.densestream.ingest.TopicTable;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** What is asked of each stream, and how the stream is defined, as the compacted topics say. */
final class StandingQuestions {
  private static final Logger LOG = LoggerFactory.getLogger(StandingQuestions.class);

  private final TopicTable<Question> questions;
  private final TopicTable<StreamDefinition> streams;

  /** How many more there are than are asked, of streams of which there are. */
  private final Map<StreamId, Integer> unasked = new ConcurrentHashMap<>();

  StandingQuestions(
      TopicTable<Question> questions, TopicTable<StreamDefinition> streams, MeterRegistry meters) {
    Gauge.builder("densestream.questions.unasked", unasked, StandingQuestions::sum)
        .description("Standing questions beyond the most that a stream is asked")
        .strongReference(true)
        .register(meters);
    this.questions = requireNonNull(questions, "questions is null");
    this.streams = requireNonNull(streams, "streams is null");
  }

  Mono<Void> caughtUp() {
    return Mono.when(questions.caughtUp(), streams.caughtUp());
  }

  private static double sum(Map<StreamId, Integer> unasked) {
    return unasked.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** In order of their ids: the first {@value Question#MOST_PER_STREAM}. */
  List<Question> on(StreamId stream) {
    List<Question> all =
        questions.snapshot().values().stream()
            .filter(question -> question.concerns(stream))
            .sorted(Comparator.comparing(Question::id))
            .toList();
    note(stream, Math.max(0, all.size() - Question.MOST_PER_STREAM));
    return all.subList(0, Math.min(all.size(), Question.MOST_PER_STREAM));
  }

  /** The door refuses them, but anybody may write to the topic. */
  private void note(StreamId stream, int more) {
    Integer before = more == 0 ? unasked.remove(stream) : unasked.put(stream, more);
    if (more > 0 && !Objects.equals(before, more)) {
      LOG.warn(
          "{} standing questions on stream {} are not asked: there are more than {}",
          more,
          stream,
          Question.MOST_PER_STREAM);
    }
  }

  /** The stream's definition; the defaults for a stream nobody has defined. */
  StreamDefinition definition(StreamId stream) {
    StreamDefinition known = streams.snapshot().get(stream.value());
    return known == null ? StreamDefinition.fedFromOutside(stream) : known;
  }
}
