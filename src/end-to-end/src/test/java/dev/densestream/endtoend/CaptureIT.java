package dev.densestream.endtoend;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.ingest.Capture;
import dev.densestream.ingest.CaptureSettings;
import dev.densestream.ingest.FetchSettings;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.MediaFetcher;
import dev.densestream.ingest.Segment;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.ingest.StreamId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

/** A real file through capture and the real decoder: what comes out is what was filmed. */
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
final class CaptureIT {
  private static final Duration WAIT = Duration.ofMinutes(2);
  private static final SamplingPolicy EVERY_FRAME = new SamplingPolicy.Fps(1000);
  private static final Path CARS =
      Path.of(System.getProperty("densestream.fixtures"), "media", "car-detection.mp4");

  @TempDir Path scratch;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private FrameSampler sampler;

  @BeforeEach
  void openSampler() {
    sampler = FrameSampler.open(DecoderSettings.defaults(), meters);
  }

  @AfterEach
  void closeSampler() {
    sampler.close();
  }

  @Test
  void losesAndMovesNoFrame_whenAFileIsCutIntoSegments() throws IOException {
    List<Long> original = ptsOf(new Media.File(CARS, Files.size(CARS)), 0);
    List<Segment> segments = requireNonNull(capture().collectList().block(WAIT));
    assertThat(segments).hasSizeGreaterThan(3);
    long start = segments.getFirst().range().startMicros();
    List<Long> captured = new ArrayList<>();
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      assertThat(segment.sequence()).isEqualTo(i);
      captured.addAll(ptsOf(segment.media(), segment.range().startMicros() - start));
    }
    assertThat(captured).as("frames of all segments").hasSameSizeAs(original);
    for (int i = 0; i < original.size(); i++) {
      assertThat(captured.get(i)).as("PTS of frame %d", i).isCloseTo(original.get(i), within(50L));
    }
  }

  private Flux<Segment> capture() {
    FetchSettings allowed =
        new FetchSettings(
            List.of(CARS.getParent()),
            Set.of(),
            Set.of(),
            scratch,
            FetchSettings.Limits.defaults());
    StreamDefinition cars =
        new StreamDefinition(
            new StreamId("cars"),
            CARS.toString(),
            false,
            StreamDefinition.Pace.AS_DEMANDED,
            2000,
            "fps:1",
            StreamDefinition.Overload.LOSSLESS);
    return Capture.open(
            CaptureSettings.defaults(), sampler, MediaFetcher.open(allowed, meters), meters)
        .segments(cars);
  }

  private List<Long> ptsOf(Media media, long offsetMicros) {
    List<SampleEvent> events =
        requireNonNull(
            sampler
                .sample(media, EVERY_FRAME)
                .map(CaptureIT::withoutPixels)
                .collectList()
                .block(WAIT));
    List<Long> pts = new ArrayList<>();
    for (SampleEvent event : events) {
      switch (event) {
        case SampleEvent.Sampled(var frame) -> pts.add(offsetMicros + frame.ptsMicros());
        case SampleEvent.Finished finished -> {
          assertThat(finished.damaged()).isFalse();
          assertThat(finished.counts().seen()).isEqualTo(pts.size());
        }
        case SampleEvent.Refused refused -> throw new AssertionError(refused.toString());
      }
    }
    return pts;
  }

  /** So that a whole film of frames fits into a test's heap. */
  private static SampleEvent withoutPixels(SampleEvent event) {
    return event instanceof SampleEvent.Sampled(var frame)
        ? new SampleEvent.Sampled(new Frame(frame.ptsMicros(), 1, 1, new byte[3]))
        : event;
  }
}
