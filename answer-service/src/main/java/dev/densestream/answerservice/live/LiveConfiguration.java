package dev.densestream.answerservice.live;

import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.BackgroundWork;
import dev.densestream.answerservice.DenseStreamProperties;
import dev.densestream.answerservice.ForRole;
import dev.densestream.answerservice.Progress;
import dev.densestream.answerservice.Question;
import dev.densestream.answerservice.Role;
import dev.densestream.answerservice.StreamActivity;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.ingest.SegmentConsumer;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicTable;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Schedulers;

/** Wires the live pipeline. */
@Configuration(proxyBeanMethods = false)
@ForRole(Role.ANSWER)
class LiveConfiguration {
  @Bean(destroyMethod = "close")
  SegmentConsumer segmentConsumer(TopicCluster cluster, DenseStreamProperties properties) {
    return cluster.segmentConsumer(properties.kafka().instanceId());
  }

  @Bean(destroyMethod = "close")
  TopicTable<Progress> progressTable(TopicCluster cluster) {
    return cluster.table(cluster.topics().progress(), (_, value) -> Progress.parse(value));
  }

  @Bean
  StandingQuestions standingQuestions(
      TopicTable<Question> questions, TopicTable<StreamDefinition> streams, MeterRegistry meters) {
    return new StandingQuestions(questions, streams, meters);
  }

  @Bean
  LiveMetrics liveMetrics(MeterRegistry meters) {
    return new LiveMetrics(meters);
  }

  @Bean
  SegmentStage segmentStage(
      FrameSampler sampler,
      AnswerModel model,
      StandingQuestions questions,
      StreamActivity activity,
      LiveMetrics metrics,
      SegmentStage.Bounds bounds,
      FrameBudget budget) {
    return new SegmentStage(sampler, model.encoder(), questions, activity, metrics, bounds, budget);
  }

  @Bean
  FrameBudget frameBudget(DenseStreamProperties properties, LiveMetrics metrics) {
    FrameBudget budget = new FrameBudget(properties.windows().frameBytes().toBytes());
    metrics.watch(budget);
    return budget;
  }

  @Bean
  SegmentStage.Bounds segmentBounds(DenseStreamProperties properties, Clock clock) {
    DenseStreamProperties.Windows windows = properties.windows();
    return new SegmentStage.Bounds(windows.encodeAhead(), windows.latestWithin(), clock);
  }

  @Bean
  StreamWindows streamWindows(
      StandingQuestions questions,
      TopicTable<Progress> progress,
      StreamActivity activity,
      LiveMetrics metrics,
      DenseStreamProperties properties) {
    long idleTicks = properties.windows().idle().dividedBy(LivePipeline.TICK);
    StreamWindows.Bounds bounds =
        new StreamWindows.Bounds(
            Math.clamp(idleTicks, 1, 1 << 20), properties.windows().tokenBytes().toBytes());
    return new StreamWindows(questions, progress, activity, metrics, bounds);
  }

  @Bean
  WindowAnswers windowAnswers(
      AnswerModel model, LiveMetrics metrics, DenseStreamProperties properties, Clock clock) {
    WindowAnswers.Deadline deadline =
        new WindowAnswers.Deadline(properties.windows().answerDeadline(), Schedulers.parallel());
    return new WindowAnswers(model, metrics, deadline, clock);
  }

  @Bean
  LivePipeline.Width pipelineWidth(DenseStreamProperties properties, TopicCluster cluster) {
    DenseStreamProperties.Windows windows = properties.windows();
    return new LivePipeline.Width(windows.decodeAhead(), windows.answerAhead(), cluster.topics());
  }

  @Bean
  LivePipeline livePipeline(
      SegmentConsumer consumer,
      SegmentStage stage,
      StreamWindows windows,
      WindowAnswers answers,
      LiveMetrics metrics,
      LivePipeline.Width width) {
    return new LivePipeline(consumer, stage, windows, answers, metrics, width);
  }

  @Bean
  BackgroundWork liveWork(LivePipeline pipeline, SegmentConsumer consumer) {
    return new BackgroundWork("live pipeline", pipeline::run, pipeline.finish(), consumer::close);
  }

  @Bean
  ModelReadiness modelHealthIndicator(AnswerModel model) {
    return new ModelReadiness(model);
  }

  @Bean
  ModelLiveness modelCallHealthIndicator(
      AnswerModel model, DenseStreamProperties properties, MeterRegistry meters) {
    return new ModelLiveness(model, properties.model().callLimit(), meters);
  }

  @Bean
  GroupReadiness consumerGroupHealthIndicator(SegmentConsumer consumer) {
    return new GroupReadiness(consumer);
  }

  @Bean
  BackgroundWork warmUpWork(ModelReadiness readiness) {
    return BackgroundWork.of("warm-up question", readiness::warmUp);
  }
}
