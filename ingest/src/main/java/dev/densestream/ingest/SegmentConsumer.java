package dev.densestream.ingest;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads the segments topic as a member of a consumer group, and settles what was read.
 *
 * <p>Demand 0 pauses every assigned partition while polling goes on, so membership survives slow
 * work. After any failed transaction, fencing or fatal client error the flux ends with an error and
 * both clients are rebuilt from the committed offsets on the next subscription; the lifecycle owner
 * resubscribes with backoff.
 *
 * <p>One subscriber at a time. Settlements are serialised in call order.
 */
public interface SegmentConsumer extends AutoCloseable {
  Flux<ReceivedSegment> segments();

  Mono<SettlementOutcome> settle(Settlement settlement);

  /** True once the group has been joined and partitions assigned (possibly none). */
  boolean joined();

  /** Stops polling, leaves the group and closes both clients; waits at most 10 s. */
  @Override
  void close();
}
