package dev.densestream.answerservice.live;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.Question;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.ingest.StreamId;
import dev.densestream.ingest.TopicTable;
import java.util.Comparator;
import java.util.List;
import reactor.core.publisher.Mono;

/** What is asked of each stream, and how the stream is defined, as the compacted topics say. */
final class StandingQuestions {
  /** On one stream; more are not asked. */
  private static final int MOST = 64;

  private final TopicTable<Question> questions;
  private final TopicTable<StreamDefinition> streams;

  StandingQuestions(TopicTable<Question> questions, TopicTable<StreamDefinition> streams) {
    this.questions = requireNonNull(questions, "questions is null");
    this.streams = requireNonNull(streams, "streams is null");
  }

  Mono<Void> caughtUp() {
    return Mono.when(questions.caughtUp(), streams.caughtUp());
  }

  /** In order of their ids. */
  List<Question> on(StreamId stream) {
    return questions.snapshot().values().stream()
        .filter(question -> question.concerns(stream))
        .sorted(Comparator.comparing(Question::id))
        .limit(MOST)
        .toList();
  }

  /** The stream's definition; the defaults for a stream nobody has defined. */
  StreamDefinition definition(StreamId stream) {
    StreamDefinition known = streams.snapshot().get(stream.value());
    return known == null ? StreamDefinition.fedFromOutside(stream) : known;
  }
}
