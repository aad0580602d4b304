package dev.densestream.answerservice.web;

import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.ForRole;
import dev.densestream.answerservice.Question;
import dev.densestream.answerservice.Role;
import dev.densestream.answerservice.StreamActivity;
import dev.densestream.answerservice.job.ClipJobs;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.ingest.Capture;
import dev.densestream.ingest.ClipStore;
import dev.densestream.ingest.MediaFetcher;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.ingest.StreamId;
import dev.densestream.ingest.StreamState;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicTable;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.server.WebFilter;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/** Wires the HTTP side. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({WebSettings.class, AccessSettings.class})
public class WebConfiguration {
  private static final int DRAWING_THREADS = 2;
  private static final int DRAWING_QUEUE = 256;

  @Bean
  @Order(-2) // before Spring's own, which would show library text
  WebExceptionHandler problemWriter(JsonMapper json) {
    return new ProblemWriter(json);
  }

  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE)
  WebFilter browserHeaders() {
    return new BrowserHeaders();
  }

  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE + 1)
  WebFilter accessFilter(AccessSettings access, ServerProperties server) {
    return new AccessFilter(access, address(server).isLoopbackAddress());
  }

  /**
   * Listens on this machine alone unless told otherwise, and not to strangers unless told twice.
   */
  @Bean
  WebServerFactoryCustomizer<NettyReactiveWebServerFactory> door(
      AccessSettings access, ServerProperties server) {
    return factory -> {
      InetAddress address = address(server);
      if (!address.isLoopbackAddress()
          && access.apiKeys().isEmpty()
          && !access.allowUnauthenticated()) {
        throw new InvalidConfigurationPropertyValueException(
            "server.address",
            address.getHostAddress(),
            "Other machines could call this service without a key. Set densestream.security.api-keys,"
                + " or densestream.security.allow-unauthenticated=true behind a gateway that checks"
                + " callers, or leave server.address at 127.0.0.1.");
      }
      factory.setAddress(address);
    };
  }

  private static InetAddress address(ServerProperties server) {
    InetAddress address = server.getAddress();
    return address == null ? InetAddress.getLoopbackAddress() : address;
  }

  @Bean
  @ConditionalOnMissingBean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  @ConditionalOnMissingBean
  StreamActivity streamActivity(Clock clock) {
    return new StreamActivity(clock);
  }

  @Bean(destroyMethod = "dispose")
  Scheduler pictureDrawing() {
    return Schedulers.newBoundedElastic(DRAWING_THREADS, DRAWING_QUEUE, "picture-drawing");
  }

  @Bean
  StreamViews streamViews(
      StreamActivity activity, ObjectProvider<Capture> capture, Scheduler pictureDrawing) {
    Function<StreamId, Optional<StreamState>> lookup =
        id -> Optional.ofNullable(capture.getIfAvailable()).map(known -> known.states().get(id));
    return new StreamViews(activity, lookup, new FramePictures(activity), pictureDrawing);
  }

  @Bean
  TopicTable<Question> questionTable(TopicCluster cluster) {
    return cluster.table(cluster.topics().questions(), Question::ofRecord);
  }

  @Bean
  TopicTable<StreamDefinition> streamTable(TopicCluster cluster) {
    return cluster.table(cluster.topics().streams(), StreamDefinition::ofRecord);
  }

  @Bean
  AnswerReader answerReader(TopicCluster cluster, WebSettings settings, MeterRegistry meters) {
    AnswerReader reader = new AnswerReader(cluster, settings.heartbeat(), settings.maxReaders());
    Gauge.builder("densestream.answers.readers", reader, AnswerReader::readers).register(meters);
    return reader;
  }

  @Bean
  @ForRole(Role.ANSWER)
  ClipIntake clipIntake(
      ClipStore store,
      ClipJobs jobs,
      FrameSampler sampler,
      AnswerModel model,
      Clock clock,
      WebSettings settings) {
    return new ClipIntake(store, jobs, sampler, model, clock, settings.maxUploads());
  }

  @Bean
  @ForRole(Role.ANSWER)
  ClipDoor clipDoor(
      ClipIntake intake, MediaFetcher fetcher, JsonMapper json, WebSettings settings) {
    return new ClipDoor(intake, fetcher, json, settings);
  }

  @Bean
  @ForRole(Role.ANSWER)
  ClipEvents clipEvents(JsonMapper json, WebSettings settings) {
    return new ClipEvents(json, settings.heartbeat());
  }
}
