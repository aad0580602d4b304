package dev.densestream.answerservice.application;

import static java.util.Objects.requireNonNull;

import dev.densestream.ingest.ClusterSettings;
import dev.densestream.ingest.TopicCluster;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * The cluster while it is being reached, on a thread of its own: a broker takes seconds to start,
 * and most of the application can be put together meanwhile.
 */
final class ClusterStart {
  private static final long PATIENCE_SECONDS = 5;

  /** The cluster counts here until the application's own registry exists. */
  private final CompositeMeterRegistry meters = new CompositeMeterRegistry();

  private final CompletableFuture<TopicCluster> cluster = new CompletableFuture<>();
  private boolean taken;

  private ClusterStart() {}

  /** Returns at once. */
  static ClusterStart begin(ClusterSettings settings) {
    requireNonNull(settings, "settings is null");
    ClusterStart start = new ClusterStart();
    Thread.ofPlatform().daemon().name("cluster-start").start(() -> start.run(settings));
    return start;
  }

  private void run(ClusterSettings settings) {
    try {
      cluster.complete(withTopics(TopicCluster.connect(settings, meters)));
    } catch (RuntimeException | Error failure) {
      cluster.completeExceptionally(failure);
    }
  }

  private static TopicCluster withTopics(TopicCluster cluster) {
    try {
      cluster.createTopics().toFuture().join();
      return cluster;
    } catch (RuntimeException failure) {
      cluster.close();
      throw failure;
    }
  }

  /**
   * Waits for the cluster, whose topics then exist, and hands it over: it is the caller's to close.
   *
   * @param registry gets everything the cluster counts
   * @throws dev.densestream.ingest.TopicClusterException when it cannot be reached or started
   */
  synchronized TopicCluster take(MeterRegistry registry) {
    taken = true;
    try {
      TopicCluster ready = cluster.join();
      meters.add(registry);
      return ready;
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }

  /** Closes the cluster if nobody took it, as soon as it is there; waits a little for that. */
  synchronized void abandon() {
    if (taken) {
      return;
    }
    taken = true;
    cluster
        .thenAccept(TopicCluster::close)
        .exceptionally(_ -> null)
        .completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS)
        .join();
  }
}
