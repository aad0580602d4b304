/**
 * The live pipeline: segments in from Kafka; decoded, encoded, gathered in windows, answered; out
 * again to Kafka in one transaction with the positions they came from. And capture, which feeds it.
 *
 * <p>Nothing here subscribes but {@link dev.densestream.answerservice.live.PipelineLifecycle}.
 * Steps that only keep books are plain and tested without Reactor.
 */
@NullMarked
package dev.densestream.answerservice.live;

import org.jspecify.annotations.NullMarked;
