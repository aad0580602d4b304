package dev.densestream.answerservice.job;

import dev.densestream.ingest.ClipStore;
import dev.densestream.ingest.TopicCluster;
import java.nio.file.Path;
import reactor.core.scheduler.Schedulers;

/** Opens what only this package can, for tests of others. */
public final class JobsOnDisk {
  private JobsOnDisk() {}

  public static ClipJobs open(TopicCluster cluster, ClipStore store, Path folder, int mostQueued) {
    return new ClipJobs(
        cluster, store, ClipFolder.open(folder, false), Schedulers.boundedElastic(), mostQueued);
  }
}
