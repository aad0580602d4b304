package dev.densestream.answerservice.application;

import dev.densestream.answerservice.DenseStreamProperties;
import dev.densestream.ingest.ClusterSettings;
import dev.densestream.ingest.TopicCluster;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The Kafka cluster: the user's, or a broker of our own in this process. */
@Configuration(proxyBeanMethods = false)
class ClusterConfiguration {
  private static final String TRANSACTIONAL_ID_PREFIX = "densestream-";
  private static final Duration MAX_POLL_INTERVAL = Duration.ofMinutes(5);

  /** Its topics exist when it is handed out, so that nobody who reads them has to wait. */
  @Bean(destroyMethod = "close")
  TopicCluster topicCluster(ClusterStart start, MeterRegistry meters) {
    return start.take(meters);
  }

  static ClusterSettings settings(DenseStreamProperties.Kafka kafka) {
    ClusterSettings.Group group =
        new ClusterSettings.Group(
            kafka.groupId(),
            kafka.clipGroupId(),
            TRANSACTIONAL_ID_PREFIX,
            kafka.sessionTimeout(),
            MAX_POLL_INTERVAL,
            kafka.queue().toBytes());
    return new ClusterSettings(
        kafka.topics().settings(),
        kafka.bootstrapServers(),
        kafka.client(),
        group,
        new ClusterSettings.Broker(kafka.dataDir(), kafka.port()));
  }
}
