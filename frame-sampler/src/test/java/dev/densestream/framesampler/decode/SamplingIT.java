package dev.densestream.framesampler.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.ingest.Media;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SamplingIT {
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private FrameSampler sampler;

  @BeforeAll
  void open() {
    sampler = FrameSampler.open(DecoderSettings.defaults(), registry);
  }

  @AfterAll
  void close() {
    sampler.close();
  }

  @Test
  void samplesRecording_onceASecond() {
    List<SampleEvent> events = sample(Fixtures.bytes(Fixtures.path("car-detection.mp4")), "fps:1");
    List<Frame> frames = Fixtures.frames(events);
    assertThat(frames).hasSize(31);
    assertThat(events.getLast())
        .isInstanceOfSatisfying(
            SampleEvent.Finished.class,
            finished -> {
              assertThat(finished.counts().seen()).isEqualTo(377);
              assertThat(finished.counts().sampled()).isEqualTo(31);
              assertThat(finished.damaged()).isFalse();
            });
  }

  private List<SampleEvent> sample(Media media, String policy) {
    List<SampleEvent> events =
        sampler.sample(media, SamplingPolicy.parse(policy)).collectList().block(LONGEST);
    assertThat(events).isNotNull();
    return events;
  }
}
