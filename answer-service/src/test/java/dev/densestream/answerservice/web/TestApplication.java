package dev.densestream.answerservice.web;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.BackgroundWork;
import dev.densestream.answerservice.DenseStreamProperties;
import dev.densestream.answerservice.chat.ChatConfiguration;
import dev.densestream.answerservice.job.ClipJobConfiguration;
import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.ingest.ClipSettings;
import dev.densestream.ingest.ClipStore;
import dev.densestream.ingest.ClusterSettings;
import dev.densestream.ingest.FetchSettings;
import dev.densestream.ingest.MediaFetcher;
import dev.densestream.ingest.TopicCluster;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.core.Disposable;

/** The HTTP side with a real broker, a real decoder and a {@link ScriptedModel}. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableConfigurationProperties(DenseStreamProperties.class)
@ComponentScan(
    basePackages = {"dev.densestream.answerservice.web", "dev.densestream.answerservice.chat"},
    excludeFilters =
        @ComponentScan.Filter(type = FilterType.ANNOTATION, classes = Configuration.class))
@Import({WebConfiguration.class, ChatConfiguration.class, ClipJobConfiguration.class})
class TestApplication {
  static final long LARGEST_CLIP = 4L << 20;

  /** Its own, or the end of one application would be the end of all in this process. */
  @Bean
  ReactorResourceFactory reactorResources() {
    ReactorResourceFactory own = new ReactorResourceFactory();
    own.setUseGlobalResources(false);
    return own;
  }

  @Bean
  MeterRegistry meters() {
    return new SimpleMeterRegistry();
  }

  @Bean
  TopicCluster cluster(DenseStreamProperties properties, MeterRegistry meters) {
    TopicCluster cluster =
        TopicCluster.connect(
            properties.kafka().embedded()
                ? ClusterSettings.temporary()
                : ClusterSettings.external(properties.kafka().bootstrapServers()),
            meters);
    cluster.createTopics().block(Duration.ofSeconds(30));
    return cluster;
  }

  @Bean
  FrameSampler sampler(MeterRegistry meters) {
    return FrameSampler.open(DecoderSettings.defaults(), meters);
  }

  @Bean
  AnswerModel model() {
    return ScriptedModel.open();
  }

  @Bean
  ClipStore store(DenseStreamProperties properties, MeterRegistry meters) {
    DenseStreamProperties.Clips clips = properties.clips();
    return ClipStore.open(
        new ClipSettings(
            requireNonNull(clips.dataDir()).resolve("clips"),
            clips.shared(),
            LARGEST_CLIP,
            clips.maxStored().toBytes(),
            0,
            Duration.ofDays(1)),
        meters);
  }

  @Bean
  MediaFetcher fetcher(TestFolder folder, DenseStreamProperties properties, MeterRegistry meters) {
    DenseStreamProperties.Fetch fetch = properties.fetch();
    return MediaFetcher.open(
        new FetchSettings(
            fetch.folders(),
            fetch.hosts(),
            fetch.privateHosts(),
            folder.path().resolve("fetched"),
            new FetchSettings.Limits(
                fetch.maxBytes().toBytes(), Duration.ofSeconds(3), Duration.ofSeconds(20), 3)),
        meters);
  }

  /** Stands in for the lifecycle owner of the whole application. */
  @Bean
  SmartLifecycle worker(List<BackgroundWork> work) {
    return new SmartLifecycle() {
      private final List<Disposable> running = new ArrayList<>();

      @Override
      public void start() {
        work.forEach(one -> running.add(one.run().get().subscribe()));
      }

      @Override
      public void stop() {
        running.forEach(Disposable::dispose);
        running.clear();
      }

      @Override
      public boolean isRunning() {
        return !running.isEmpty();
      }
    };
  }
}
