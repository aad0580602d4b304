package dev.densestream.answerservice.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.densestream.ingest.StoredRecord;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicCluster.Start;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.codec.ServerSentEvent;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;
import reactor.netty.channel.AbortedException;

/**
 * Follows the answer topic for one client each, {@code read_committed}.
 *
 * <p>A client that reads slowly asks for little, so its own reader pauses; nothing is kept for it
 * but what is on the wire, and no other client notices. One that takes no heartbeat for {@value
 * #MISSED_HEARTBEATS} intervals is let go: it resumes from the last id it has.
 */
final class AnswerReader {
  private static final int PREFETCH = 16;
  private static final int MISSED_HEARTBEATS = 4;

  private final TopicCluster cluster;
  private final Duration heartbeat;
  private final Semaphore places;
  private final int maxReaders;

  AnswerReader(TopicCluster cluster, Duration heartbeat, int maxReaders) {
    this.cluster = requireNonNull(cluster, "cluster is null");
    this.heartbeat = requireNonNull(heartbeat, "heartbeat is null");
    this.places = new Semaphore(maxReaders);
    this.maxReaders = maxReaders;
  }

  /** What a client sees after {@code from}: answers, and marks that carry the id alone. */
  Flux<ServerSentEvent<String>> read(AnswerCursor from, Predicate<StoredRecord> wanted) {
    return Flux.defer(
        () -> {
          if (!places.tryAcquire()) {
            return Flux.error(
                ProblemException.unavailable(
                    "too_many_readers",
                    "Too many clients follow answers at the moment.",
                    Duration.ofSeconds(10)));
          }
          return events(from, wanted).doFinally(_ -> places.release());
        });
  }

  /** Clients that are being served. */
  int readers() {
    return maxReaders - places.availablePermits();
  }

  private Flux<ServerSentEvent<String>> events(AnswerCursor from, Predicate<StoredRecord> wanted) {
    Flux<Step> records = cluster.tail(from.topic(), from.seen(), Start.EARLIEST).map(Step::new);
    Flux<Step> beats =
        Flux.interval(heartbeat).map(_ -> new Step(null)).onBackpressureBuffer(MISSED_HEARTBEATS);
    // The id is taken behind the merge: it must cover exactly what was sent before it.
    Follower follower = new Follower(from, wanted);
    return Flux.just(mark(from))
        .concatWith(Flux.merge(1, records.limitRate(PREFETCH), beats).handle(follower::step))
        // Ended with an error, or the connection would wait for the client for ever.
        .onErrorMap(Exceptions::isOverflow, _ -> new AbortedException("the client reads nothing"));
  }

  private static ServerSentEvent<String> mark(AnswerCursor cursor) {
    return ServerSentEvent.<String>builder().id(cursor.text()).comment("").build();
  }

  /** A record, or a heartbeat. */
  private record Step(@Nullable StoredRecord record) {}

  /** One client's way through the topic; used by one thread at a time. */
  private static final class Follower {
    private final Predicate<StoredRecord> wanted;
    private AnswerCursor cursor;

    Follower(AnswerCursor from, Predicate<StoredRecord> wanted) {
      this.cursor = from;
      this.wanted = wanted;
    }

    void step(Step step, SynchronousSink<ServerSentEvent<String>> sink) {
      StoredRecord record = step.record();
      if (record == null) {
        sink.next(mark(cursor));
        return;
      }
      cursor = cursor.past(record.position());
      byte[] value = record.value();
      if (value != null && wanted.test(record)) {
        sink.next(
            ServerSentEvent.builder(new String(value, UTF_8))
                .id(cursor.text())
                .event("answer")
                .build());
      }
    }
  }
}
