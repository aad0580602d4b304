/**
 * Video in: camera, file, URL or upload becomes {@link dev.densestream.ingest.Segment}s on Kafka,
 * and Kafka becomes a {@code Flux} of {@link dev.densestream.ingest.ReceivedSegment} with demand.
 *
 * <p>This root package is what the modules to the right may use. Everything that touches a Kafka
 * client lives in {@code topic}; capture from files and URLs in {@code source}; uploaded and
 * fetched clips in {@code clip}.
 *
 * <p>Two clocks, two names: {@code ptsMicros} is media time in microseconds on the stream's own
 * clock, {@code capturedAt} is the wall-clock estimate of the same moment. They are never mixed.
 */
@NullMarked
package dev.densestream.ingest;

import org.jspecify.annotations.NullMarked;
