package dev.densestream.ingest.topic;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The same seam over a broker in a container. Where no container engine answers this is skipped by
 * name; {@code src/build/container-engine.sh} sets one up on a Debian machine.
 */
@EnabledIf(
    value = "engineAnswers",
    disabledReason =
        "no container engine answers: the seam is not tested over a broker in a container")
class ContainerBrokerSeamIT {
  @SuppressWarnings("resource") // stopped after all
  private static final KafkaContainer BROKER =
      new KafkaContainer(DockerImageName.parse("apache/kafka:4.2.2"))
          .withEnv("KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "1000")
          .withEnv("KAFKA_MESSAGE_MAX_BYTES", Integer.toString(TopicPlan.LARGEST_RECORD_BYTES))
          .withEnv("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "2")
          .withEnv("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "2")
          .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_NUM_PARTITIONS", "2")
          .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "1")
          .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "1")
          .withEnv("KAFKA_GROUP_SHARE_MIN_HEARTBEAT_INTERVAL_MS", "500")
          .withEnv("KAFKA_GROUP_SHARE_HEARTBEAT_INTERVAL_MS", "500")
          .withEnv("KAFKA_GROUP_SHARE_MIN_RECORD_LOCK_DURATION_MS", "1000");

  static boolean engineAnswers() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  @BeforeAll
  static void start() {
    BROKER.start();
  }

  @AfterAll
  static void stop() {
    BROKER.stop();
  }

  @Nested
  class Segments extends SegmentSeamBehaviour {
    @Override
    String bootstrapServers() {
      return BROKER.getBootstrapServers();
    }
  }

  @Nested
  class Fencing extends FencingBehaviour {
    @Override
    String bootstrapServers() {
      return BROKER.getBootstrapServers();
    }
  }

  @Nested
  class Topics extends TopicSeamBehaviour {
    @Override
    String bootstrapServers() {
      return BROKER.getBootstrapServers();
    }
  }
}
