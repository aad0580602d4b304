package dev.densestream.ingest.source;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.ingest.Media;
import dev.densestream.ingest.Segment;
import java.time.Instant;
import java.util.List;

/** Looks at what was captured. */
final class CapturedSegments {
  private CapturedSegments() {}

  static void assertGapless(List<Segment> segments) {
    for (int i = 1; i < segments.size(); i++) {
      assertThat(segments.get(i).sequence()).isEqualTo(i);
      assertThat(segments.get(i).range().startMicros())
          .isEqualTo(segments.get(i - 1).range().endMicros());
    }
  }

  static long micros(String instant) {
    return CaptureTime.toMicros(Instant.parse(instant));
  }

  static String content(List<Segment> segments) {
    StringBuilder text = new StringBuilder();
    segments.forEach(
        segment -> text.append(new String(((Media.Bytes) segment.media()).content(), US_ASCII)));
    return text.toString();
  }
}
