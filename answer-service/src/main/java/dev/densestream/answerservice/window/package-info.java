/**
 * Segments with their encoded frames in, closed windows out; all in media time. Pure and
 * deterministic: no clock, no thread, no Kafka. One tracker per stream, used by one caller at a
 * time.
 */
@NullMarked
package dev.densestream.answerservice.window;

import org.jspecify.annotations.NullMarked;
