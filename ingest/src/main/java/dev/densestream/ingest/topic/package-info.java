/**
 * The only package that touches a Kafka client. Segments flow in as a {@code Flux} whose demand
 * pauses and resumes partitions; answers flow out in the transaction that commits their input's
 * offsets.
 *
 * <p>Each consumer is owned by one thread of its own, which polls, settles and keeps the ledger;
 * subscribers are called on another thread, so that nothing downstream can keep a member from
 * polling.
 */
@NullMarked
package dev.densestream.ingest.topic;

import org.jspecify.annotations.NullMarked;
