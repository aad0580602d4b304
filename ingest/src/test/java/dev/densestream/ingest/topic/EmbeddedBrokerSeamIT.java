package dev.densestream.ingest.topic;

import dev.densestream.ingest.ClusterSettings;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** The seam over the broker of this process. */
class EmbeddedBrokerSeamIT {
  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() {
    broker =
        EmbeddedBroker.start(
            new ClusterSettings.Broker(null, 0),
            Map.of("group.share.min.record.lock.duration.ms", "1000"));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Nested
  class Segments extends SegmentSeamBehaviour {
    @Override
    String bootstrapServers() {
      return broker.bootstrapServers();
    }
  }

  @Nested
  class Fencing extends FencingBehaviour {
    @Override
    String bootstrapServers() {
      return broker.bootstrapServers();
    }
  }

  @Nested
  class Topics extends TopicSeamBehaviour {
    @Override
    String bootstrapServers() {
      return broker.bootstrapServers();
    }
  }
}
