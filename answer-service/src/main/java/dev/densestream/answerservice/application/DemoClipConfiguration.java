package dev.densestream.answerservice.application;

import dev.densestream.answerservice.BackgroundWork;
import dev.densestream.answerservice.ForRole;
import dev.densestream.answerservice.Role;
import dev.densestream.answerservice.job.ClipJobs;
import dev.densestream.answerservice.job.ClipStatus;
import dev.densestream.answerservice.web.ClipIntake;
import dev.densestream.answerservice.web.ClipWish;
import dev.densestream.ingest.ClipUpload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A recorded clip that is captioned at the first start, as if somebody had uploaded it. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("densestream.demo")
@ForRole(Role.ANSWER)
class DemoClipConfiguration {
  /** Of the recording, and shown. */
  static final String NAME = "demo-events.mp4";

  /**
   * Two windows a scene, each seeing one scene, so that a caption tells when within four seconds:
   * as long as the shortest scenes that the model learnt from. Half of that, and a third of the
   * captions tell that something stays still.
   */
  static final int WINDOW_MILLIS = DemoCamera.SCENE_MILLIS / 2;

  @Bean
  BackgroundWork demoClipWork(ClipIntake intake, ClipJobs jobs, ScratchFolder scratch)
      throws IOException {
    Path clip = DemoRecording.copy(NAME, scratch.folder(DemoConfiguration.FOLDER));
    return BackgroundWork.of("demo clip", () -> once(intake, jobs, clip).flux());
  }

  /** It stays where clips are kept over restarts. */
  private static Mono<ClipStatus> once(ClipIntake intake, ClipJobs jobs, Path clip) {
    return jobs.list()
        .filter(known -> known.stream().noneMatch(one -> NAME.equals(one.name())))
        .flatMap(_ -> take(intake, clip));
  }

  private static Mono<ClipStatus> take(ClipIntake intake, Path clip) {
    ClipWish wish = new ClipWish();
    wish.put("name", NAME);
    wish.put("windowMillis", String.valueOf(WINDOW_MILLIS));
    return Mono.fromCallable(() -> Files.readAllBytes(clip))
        .flatMap(
            bytes ->
                intake.take(
                    Flux.just(ByteBuffer.wrap(bytes)),
                    new ClipUpload(null, "video/mp4", OptionalLong.of(bytes.length)),
                    wish));
  }
}
