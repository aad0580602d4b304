/**
 * Recorded clips as jobs: accepted at the door, queued on a Kafka share group, worked on one after
 * the other, and remembered until they are deleted.
 *
 * <p>An accepted clip is never shed: it ends as {@code done} or {@code failed}, with its terminal
 * records on the answers topic. A job may be worked on more than once, after failures, stops and
 * crashes; its terminal records become visible to {@code read_committed} readers once.
 */
@NullMarked
package dev.densestream.answerservice.job;

import org.jspecify.annotations.NullMarked;
