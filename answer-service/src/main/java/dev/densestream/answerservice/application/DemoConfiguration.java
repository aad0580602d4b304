package dev.densestream.answerservice.application;

import dev.densestream.answerservice.BackgroundWork;
import dev.densestream.answerservice.ForRole;
import dev.densestream.answerservice.Question;
import dev.densestream.answerservice.Role;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;

/** Cameras that film the synthetic world, and standing questions about it, for the first look. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("densestream.demo")
@ForRole(Role.INGEST)
class DemoConfiguration {
  /** In the scratch folder; capture may read it. */
  static final String FOLDER = "demo";

  @Bean
  BackgroundWork demoWork(TopicCluster cluster, ScratchFolder scratch) throws IOException {
    Path folder = scratch.folder(FOLDER);
    List<TopicRecord> records = new ArrayList<>();
    for (DemoCamera camera : DemoCamera.ALL) {
      for (Question question : camera.standing()) {
        records.add(json(cluster.topics().questions(), question.id(), question.toJson()));
      }
      Path recording = DemoRecording.copy(camera.recording(), folder);
      byte[] definition = camera.definition(recording).toJson();
      records.add(json(cluster.topics().streams(), camera.name(), definition));
    }
    return BackgroundWork.of("demo set-up", () -> publish(cluster, records));
  }

  private static Flux<RecordPosition> publish(TopicCluster cluster, List<TopicRecord> records) {
    return Flux.fromIterable(records).concatMap(cluster::publish, 1);
  }

  private static TopicRecord json(String topic, String key, byte[] json) {
    return new TopicRecord(topic, key, json, Map.of("content-type", "application/json"));
  }
}
