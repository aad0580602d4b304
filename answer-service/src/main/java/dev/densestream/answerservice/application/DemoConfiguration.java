package dev.densestream.answerservice.application;

import dev.densestream.answerservice.BackgroundWork;
import dev.densestream.answerservice.ForRole;
import dev.densestream.answerservice.Question;
import dev.densestream.answerservice.Role;
import dev.densestream.answerservice.WindowShape;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.ingest.StreamId;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;

/** A camera that films a test pattern, and two standing questions, for the first look. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("densestream.demo")
@ForRole(Role.INGEST)
class DemoConfiguration {
  /** In the scratch folder; capture may read it. */
  static final String FOLDER = "demo";

  private static final String RECORDING = "/demo/test-pattern.mp4";
  private static final StreamId CAMERA = new StreamId("demo-camera");

  @Bean
  BackgroundWork demoWork(TopicCluster cluster, ScratchFolder scratch) throws IOException {
    Path recording = scratch.folder(FOLDER).resolve("test-pattern.mp4");
    try (InputStream resource = DemoConfiguration.class.getResourceAsStream(RECORDING)) {
      if (resource == null) {
        throw new IllegalStateException("the application was built without " + RECORDING);
      }
      Files.copy(resource, recording);
    }
    return BackgroundWork.of("demo set-up", () -> setUp(cluster, recording));
  }

  private static Flux<RecordPosition> setUp(TopicCluster cluster, Path recording) {
    return Flux.fromIterable(List.of(camera(cluster, recording), scene(cluster), motion(cluster)))
        .concatMap(cluster::publish, 1);
  }

  private static TopicRecord camera(TopicCluster cluster, Path recording) {
    StreamDefinition definition =
        new StreamDefinition(
            CAMERA,
            recording.toString(),
            true,
            StreamDefinition.Pace.MEDIA_SPEED,
            2000,
            "fps:1",
            StreamDefinition.Overload.LATEST);
    return json(cluster.topics().streams(), CAMERA.value(), definition.toJson());
  }

  private static TopicRecord scene(TopicCluster cluster) {
    return question(cluster, "demo-scene", "What is in the picture?", new WindowShape(4000, 4000));
  }

  private static TopicRecord motion(TopicCluster cluster) {
    return question(cluster, "demo-motion", "What is moving?", new WindowShape(4000, 4000));
  }

  private static TopicRecord question(
      TopicCluster cluster, String id, String text, WindowShape window) {
    Question question = new Question(id, 1, CAMERA.value(), text, window, 24);
    return json(cluster.topics().questions(), id, question.toJson());
  }

  private static TopicRecord json(String topic, String key, byte[] json) {
    return new TopicRecord(topic, key, json, Map.of("content-type", "application/json"));
  }
}
