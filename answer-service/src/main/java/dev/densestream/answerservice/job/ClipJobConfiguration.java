package dev.densestream.answerservice.job;

import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.BackgroundWork;
import dev.densestream.answerservice.DenseStreamProperties;
import dev.densestream.answerservice.ForRole;
import dev.densestream.answerservice.Role;
import dev.densestream.answerservice.clip.ClipPipeline;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.ingest.ClipStore;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicTable;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Wires the clip jobs. */
@Configuration(proxyBeanMethods = false)
@ForRole(Role.ANSWER)
public class ClipJobConfiguration {
  private static final int DISK_THREADS = 2;
  private static final int DISK_QUEUE = 1024;

  @Bean(destroyMethod = "dispose")
  Scheduler clipDisk() {
    return Schedulers.newBoundedElastic(DISK_THREADS, DISK_QUEUE, "clip-disk");
  }

  @Bean
  ClipFolder clipFolder(DenseStreamProperties properties) {
    return ClipFolder.open(properties.clips().dataDir(), properties.clips().shared());
  }

  @Bean
  ClipJobs clipJobs(
      TopicCluster cluster,
      ClipStore store,
      ClipFolder clipFolder,
      Scheduler clipDisk,
      DenseStreamProperties properties) {
    return new ClipJobs(cluster, store, clipFolder, clipDisk, properties.clips().queued());
  }

  @Bean
  ClipWorker clipWorker(
      TopicCluster cluster,
      ClipStore store,
      ClipJobs jobs,
      FrameSampler sampler,
      ClipEnding ending,
      ClipWorker.Desk desk) {
    return new ClipWorker(
        cluster, store, jobs, new ClipPipeline(sampler, desk.model()), ending, desk);
  }

  @Bean
  ClipWorker.Desk clipDesk(
      AnswerModel model,
      DenseStreamProperties properties,
      MeterRegistry meters,
      Clock clock,
      Scheduler clipDisk) {
    return new ClipWorker.Desk(model, properties.clips().concurrency(), meters, clock, clipDisk);
  }

  @Bean
  TopicTable<ClipOutcome> clipOutcomes(TopicCluster cluster) {
    return cluster.table(cluster.topics().clipOutcomes(), (_, value) -> ClipOutcome.parse(value));
  }

  @Bean
  ClipEnding clipEnding(
      TopicCluster cluster,
      ClipJobs jobs,
      TopicTable<ClipOutcome> clipOutcomes,
      ClipWorker.Desk desk) {
    return new ClipEnding(cluster, jobs, clipOutcomes, desk);
  }

  @Bean
  BackgroundWork clipWork(ClipWorker worker) {
    return BackgroundWork.of("clips", worker::run);
  }
}
