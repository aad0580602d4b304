package dev.densestream.ingest;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which Kafka to use and how.
 *
 * @param bootstrapServers {@code host:port} list of the user's Kafka; empty means a broker of our
 *     own in this process
 * @param clientProperties added to every Kafka client as they are (security settings and the like);
 *     properties that exactly-once depends on are refused
 */
public record ClusterSettings(
    TopicSettings topics,
    String bootstrapServers,
    Map<String, String> clientProperties,
    Group group,
    Broker broker) {
  public ClusterSettings {
    requireNonNull(topics, "topics is null");
    requireNonNull(bootstrapServers, "bootstrapServers is null");
    requireNonNull(group, "group is null");
    requireNonNull(broker, "broker is null");
    clientProperties = Map.copyOf(clientProperties);
  }

  /** A broker in this process, on a free port, its data gone at close. */
  public static ClusterSettings temporary() {
    return new ClusterSettings(
        TopicSettings.defaults(), "", Map.of(), Group.defaults(), new Broker(null, 0));
  }

  /** The Kafka that answers at {@code bootstrapServers}. */
  public static ClusterSettings external(String bootstrapServers) {
    return new ClusterSettings(
        TopicSettings.defaults(),
        bootstrapServers,
        Map.of(),
        Group.defaults(),
        new Broker(null, 0));
  }

  public ClusterSettings withBroker(Broker broker) {
    return new ClusterSettings(topics, bootstrapServers, clientProperties, group, broker);
  }

  /**
   * Membership of the groups that share the work.
   *
   * @param segmentGroup consumer group that reads segments and publishes answers
   * @param clipGroup share group that takes clip jobs
   * @param transactionalIdPrefix put before the instance id; one prefix per application, for the
   *     access rules of the cluster
   * @param sessionTimeout how long a silent member keeps its partitions
   * @param maxPollInterval how long one turn of the poll loop may take; a settlement happens within
   *     a turn, so it must exceed the transaction timeout of 10 s
   * @param queueBytes segment bytes kept read ahead of demand, at most; one more fetch may lie in
   *     the client
   */
  public record Group(
      String segmentGroup,
      String clipGroup,
      String transactionalIdPrefix,
      Duration sessionTimeout,
      Duration maxPollInterval,
      long queueBytes) {
    private static final Duration SHORTEST_POLL_INTERVAL = Duration.ofSeconds(12);

    public Group {
      requireNonNull(segmentGroup, "segmentGroup is null");
      requireNonNull(clipGroup, "clipGroup is null");
      requireNonNull(transactionalIdPrefix, "transactionalIdPrefix is null");
      requireNonNull(sessionTimeout, "sessionTimeout is null");
      requireNonNull(maxPollInterval, "maxPollInterval is null");
      if (sessionTimeout.toMillis() < 1000) {
        throw new IllegalArgumentException("sessionTimeout must be >= 1 s: was " + sessionTimeout);
      }
      if (maxPollInterval.compareTo(SHORTEST_POLL_INTERVAL) < 0
          || maxPollInterval.compareTo(sessionTimeout) < 0) {
        throw new IllegalArgumentException(
            "maxPollInterval must be >= 12 s and >= sessionTimeout "
                + sessionTimeout
                + ": was "
                + maxPollInterval);
      }
      if (queueBytes < 1) {
        throw new IllegalArgumentException("queueBytes must be >= 1: was " + queueBytes);
      }
    }

    public static Group defaults() {
      return new Group(
          "densestream-answers",
          "densestream-clips",
          "densestream-",
          Duration.ofSeconds(10),
          Duration.ofMinutes(5),
          64L << 20);
    }
  }

  /**
   * The broker in this process; not used with the user's Kafka.
   *
   * @param folder where its data stays over restarts; null for a temporary folder
   * @param port on 127.0.0.1; 0 for a free one
   */
  public record Broker(@Nullable Path folder, int port) {
    public Broker {
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException("port must be 0 to 65535: was " + port);
      }
    }
  }
}
