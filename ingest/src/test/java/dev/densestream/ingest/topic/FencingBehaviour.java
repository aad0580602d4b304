package dev.densestream.ingest.topic;

import static dev.densestream.ingest.topic.SeamFixture.LIMIT;
import static dev.densestream.ingest.topic.SeamFixture.settle;
import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.ingest.SettlementOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A zombie: a member that has lost its partitions while it was not looking, and publishes what it
 * computed before. Its successor has answered the same segment in the meantime.
 */
abstract class FencingBehaviour {
  private SeamFixture seam;

  abstract String bootstrapServers();

  @BeforeEach
  void open() {
    seam = new SeamFixture(bootstrapServers());
  }

  @AfterEach
  void close() {
    seam.close();
  }

  @Test
  void refusesAZombie() {
    assertThat(answersWithAZombie(SettlementFault.NONE, 1)).containsExactly("cam#0");
    assertThat(seam.cluster.lag().block(LIMIT)).isZero();
  }

  @Test
  void refusesAZombie_whoseOffsetDoesNotMove() {
    assertThat(answersWithAZombie(SettlementFault.NONE, 0)).containsExactly("cam#0");
    assertThat(seam.cluster.lag().block(LIMIT)).isZero();
  }

  /** The control: without the member's own metadata the same zombie gets through. */
  @Test
  void withoutGroupMetadata_aZombieDoublesTheAnswer() {
    assertThat(answersWithAZombie(SettlementFault.WITHOUT_GROUP_METADATA, 1))
        .containsExactly("cam#0", "cam#0");
  }

  private List<String> answersWithAZombie(SettlementFault fault, long offset) {
    seam.publish("cam", 0, 1);
    try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(seam.clients().member("zombie"));
        var publisher =
            new SettlementPublisher(
                seam.clients().settler("zombie"), fault, seam.settings.topics())) {
      publisher.open();
      consumer.subscribe(Set.of(seam.segments()));
      Await.until(LIMIT, () -> !consumer.poll(Duration.ofMillis(100)).isEmpty());
      var membership = consumer.groupMetadata();
      var partition =
          consumer.assignment().stream()
              .filter(assigned -> consumer.position(assigned) > 0)
              .findFirst()
              .orElseThrow();

      RawClients.expel(seam.clients(), "zombie");
      answerOnce();

      publish(publisher, Map.of(partition, offset), membership);
      return seam.committedAnswers();
    }
  }

  private void answerOnce() {
    var successor = seam.opened(seam.cluster.segmentConsumer("successor"));
    var probe = seam.opened(Probe.of(successor.segments())).demand(1);
    var outcome = settle(successor, seam.answered(probe.await(1).getFirst()));
    assertThat(outcome).isEqualTo(new SettlementOutcome.Committed());
  }

  private void publish(
      SettlementPublisher publisher,
      Map<TopicPartition, Long> offsets,
      org.apache.kafka.clients.consumer.ConsumerGroupMetadata membership) {
    try {
      publisher.publish(List.of(seam.answer("cam", "cam#0")), offsets, membership);
    } catch (SettlementPublisher.GenerationPassed | RuntimeException _) {
      // refused; whether it was shows in what the topic holds
    }
  }
}
