package dev.densestream.answerservice.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.job.ClipJobs;
import dev.densestream.answerservice.job.ClipStatus;
import dev.densestream.answerservice.job.JobsOnDisk;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.MediaProbe;
import dev.densestream.ingest.ClipSettings;
import dev.densestream.ingest.ClipStore;
import dev.densestream.ingest.ClipUpload;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicClusterException;
import dev.densestream.ingest.TopicSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What a sender leaves behind who hangs up before there is an answer; Kafka takes its time. */
@Timeout(60)
class ClipIntakeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private final Sinks.One<RecordPosition> published = Sinks.one();
  private final AtomicInteger publishing = new AtomicInteger();
  private ClipStore store;
  private ClipJobs jobs;
  private ClipIntake intake;

  @BeforeEach
  void open() {
    store =
        ClipStore.open(ClipSettings.defaults(folder.resolve("clips")), new SimpleMeterRegistry());
    jobs = JobsOnDisk.open(answering(TopicCluster.class, this::cluster), store, folder, 1);
    intake = intake("mp4");
  }

  private ClipIntake intake(String container) {
    FrameSampler sampler =
        answering(
            FrameSampler.class, _ -> Mono.just(new MediaProbe(container, "h264", 2, 2, 1, 1)));
    return new ClipIntake(store, jobs, sampler, ScriptedModel.open(), Clock.systemUTC(), 1);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void leavesAnAcceptedJobWithItsClip_whoHangsUpWhileItIsQueued() throws Exception {
    hangUpWhileQueueing();
    published.tryEmitValue(new RecordPosition("video.clips", 0, 0, 0));
    ClipStatus status = jobs.list().blockOptional(PATIENCE).orElseThrow().getFirst();
    assertThat(status.state()).isEqualTo(ClipStatus.State.QUEUED);
    assertThat(store.find(status.id())).isPresent();
    assertThat(jobs.place().blockOptional(PATIENCE)).as("the job has the only place").isEmpty();
  }

  @Test
  void leavesNothing_whoHangsUpWhileItIsQueuedInVain() throws Exception {
    hangUpWhileQueueing();
    published.tryEmitError(new TopicClusterException("Kafka takes nothing."));
    await(() -> files().isEmpty());
    assertThat(jobs.list().blockOptional(PATIENCE).orElseThrow()).isEmpty();
    assertThat(jobs.place().blockOptional(PATIENCE)).isPresent();
  }

  /** The control. */
  @Test
  void leavesNothing_whoHangsUpWhileSending() throws Exception {
    Flux<ByteBuffer> endless = Flux.just(ByteBuffer.wrap(new byte[9])).concatWith(Flux.never());
    Disposable sender = take(endless).subscribe();
    await(() -> !files().isEmpty());
    sender.dispose();
    await(() -> files().isEmpty());
    assertThat(publishing).hasValue(0);
    await(() -> jobs.place().blockOptional(PATIENCE).isPresent());
  }

  /** The sender says MP4 each time. */
  @ParameterizedTest
  @CsvSource({"avi, video/x-msvideo", "mp4, video/mp4", "matroska, video/webm"})
  void saysWhatAClipIs_byItsContainer(String container, String mediaType) {
    intake = intake(container);
    published.tryEmitValue(new RecordPosition("video.clips", 0, 0, 0));
    ClipStatus status =
        take(Flux.just(ByteBuffer.wrap(new byte[9]))).blockOptional(PATIENCE).orElseThrow();
    assertThat(status.mediaType()).isEqualTo(mediaType);
  }

  private void hangUpWhileQueueing() throws Exception {
    Disposable sender = take(Flux.just(ByteBuffer.wrap(new byte[9]))).subscribe(_ -> {}, _ -> {});
    await(() -> publishing.get() == 1);
    sender.dispose();
  }

  private Mono<ClipStatus> take(Flux<ByteBuffer> content) {
    return intake.take(
        content, new ClipUpload(null, "video/mp4", OptionalLong.empty()), new ClipWish());
  }

  private Object cluster(String method) {
    return method.equals("topics")
        ? TopicSettings.defaults()
        : Mono.defer(
            () -> {
              publishing.incrementAndGet();
              return published.asMono();
            });
  }

  /** Answers its methods by their names. */
  private static <T> T answering(Class<T> type, Function<String, Object> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, _) -> answers.apply(method.getName())));
  }

  /** Some may be deleted while they are looked for. */
  private List<String> files() throws IOException {
    List<String> files = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = file.getFileName().toString();
            if (!name.endsWith("lock")) {
              files.add(name);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
    return files;
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      LockSupport.parkNanos(5_000_000);
    }
  }
}
