package dev.densestream.answerservice.live;

import dev.densestream.answerservice.BackgroundWork;
import dev.densestream.answerservice.ForRole;
import dev.densestream.answerservice.Role;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.ingest.Capture;
import dev.densestream.ingest.CaptureSettings;
import dev.densestream.ingest.MediaFetcher;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicTable;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires capture. */
@Configuration(proxyBeanMethods = false)
@ForRole(Role.INGEST)
class CaptureConfiguration {
  @Bean
  Capture capture(FrameSampler cutter, MediaFetcher fetcher, MeterRegistry meters) {
    return Capture.open(CaptureSettings.defaults(), cutter, fetcher, meters);
  }

  @Bean
  BackgroundWork captureWork(
      Capture capture, TopicCluster cluster, TopicTable<StreamDefinition> streams) {
    Captures captures = new Captures(capture, cluster, streams);
    return BackgroundWork.of("capture", captures::run);
  }
}
