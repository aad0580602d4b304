/**
 * Recorded clips as jobs: accepted at the door, queued on a Kafka share group, worked on one after
 * the other, and remembered until they are deleted.
 *
 * <p>An accepted clip is never shed: it ends as {@code done} or {@code failed}, with its terminal
 * records on the answers topic. Those are written at least once: a process that dies between
 * writing them and remembering it writes them again, with the same ids.
 */
@NullMarked
package dev.densestream.answerservice.job;

import org.jspecify.annotations.NullMarked;
