package dev.densestream.answerservice.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.DenseStreamProperties;
import dev.densestream.framesampler.FrameSampler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class MediaConfigurationIT {
  @Test
  void givesClipsDecodersOfTheirOwn() {
    Map<String, String> settings =
        Map.of("densestream.clips.concurrency", "2", "densestream.decoder.children", "1");
    DenseStreamProperties properties =
        new Binder(new MapConfigurationPropertySource(settings))
            .bindOrCreate("densestream", DenseStreamProperties.class);
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (FrameSampler _ = new MediaConfiguration().frameSampler(properties, meters)) {
      assertThat(meters.get("densestream.decode.children").tag("use", "clip").gauge().value())
          .as("none before the first clip")
          .isZero();
    }
  }
}
