package dev.densestream.answerservice.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.AnswerEngine;
import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.clip.ClipPipeline;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.ingest.ClipLease;
import dev.densestream.ingest.ClipSettings;
import dev.densestream.ingest.ClipStore;
import dev.densestream.ingest.ClipUpload;
import dev.densestream.ingest.MediaRefusedException;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.StoredClip;
import dev.densestream.ingest.StoredRecord;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicRecord;
import dev.densestream.ingest.TopicSettings;
import dev.densestream.ingest.TopicTable;
import dev.densestream.visionpipeline.VisionEncoder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * How often a clip is tried whose work ends with the process each time: over a folder that stays,
 * and a queue that forgets all when the process ends.
 */
@Timeout(120)
class ClipTriesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String REFUSAL = "not_a_video";

  @TempDir private Path folder;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<TopicRecord> written = new CopyOnWriteArrayList<>();
  private final AtomicInteger begun = new AtomicInteger();
  private String clip = "";

  /** Whether a clip that is looked at ends the process, or is refused. */
  private volatile boolean deadly;

  @BeforeEach
  void acceptAClip() {
    ClipSettings settings = ClipSettings.defaults(folder.resolve("store"));
    try (ClipStore store = ClipStore.open(settings, new SimpleMeterRegistry())) {
      StoredClip stored =
          store
              .store(
                  Flux.just(ByteBuffer.wrap(new byte[9])),
                  new ClipUpload(null, "video/mp4", OptionalLong.empty()))
              .blockOptional(PATIENCE)
              .orElseThrow();
      clip = stored.id();
    }
    ClipJob job = new ClipJob(clip, null, 10_000, 64, Instant.EPOCH);
    ClipFolder jobs = ClipFolder.open(folder, false);
    jobs.save(job);
    jobs.save(
        new ClipStatus(
            clip,
            null,
            "video/mp4",
            9,
            null,
            Instant.EPOCH,
            ClipStatus.State.QUEUED,
            ClipStatus.Progress.NONE,
            null));
  }

  @Test
  void givesUp_whenEachTryEndsTheProcess() {
    deadly = true;
    for (int i = 0; i < 16; i++) {
      process(i + 1);
    }
    assertThat(written).as("not before").isEmpty();
    process(16);
    assertThat(outcome().failure())
        .isNotNull()
        .satisfies(failure -> assertThat(failure.code()).isEqualTo("gave_up"));
  }

  /** The control: one that has come through ends as it would have. */
  @Test
  void goesOn_afterOneInterruption() {
    deadly = true;
    process(1);
    deadly = false;
    process(2);
    assertThat(outcome().failure())
        .isNotNull()
        .satisfies(failure -> assertThat(failure.code()).isEqualTo(REFUSAL));
  }

  private ClipOutcome outcome() {
    return written.stream()
        .filter(record -> record.topic().equals(TopicSettings.defaults().clipOutcomes()))
        .map(record -> ClipOutcome.parse(Objects.requireNonNull(record.value())))
        .findFirst()
        .orElseThrow();
  }

  /** Runs until work on the clip has begun so often in all and stands still, or is over. */
  private void process(int times) {
    Sinks.Many<TopicRecord> queue = Sinks.many().replay().limit(16);
    ClipSettings settings = ClipSettings.defaults(folder.resolve("store"));
    try (ClipStore store = ClipStore.open(settings, new SimpleMeterRegistry())) {
      TopicCluster cluster =
          answering(TopicCluster.class, (name, arguments) -> cluster(queue, name, arguments));
      ClipJobs jobs =
          new ClipJobs(
              cluster, store, ClipFolder.open(folder, false), Schedulers.boundedElastic(), 9);
      Disposable running = worker(cluster, store, jobs).run().subscribe();
      boolean last = times == begun.get();
      await(
          () ->
              jobs.find(clip).blockOptional(PATIENCE).orElseThrow().terminal()
                  || (!last && deadly && begun.get() == times));
      running.dispose();
    }
  }

  private ClipWorker worker(TopicCluster cluster, ClipStore store, ClipJobs jobs) {
    FrameSampler sampler =
        answering(
            FrameSampler.class,
            (_, _) ->
                Mono.defer(
                    () -> {
                      begun.incrementAndGet();
                      return deadly
                          ? Mono.never()
                          : Mono.error(new MediaRefusedException(REFUSAL, "Not a video."));
                    }));
    AnswerModel model =
        new AnswerModel(
            "none",
            "none",
            answering(VisionEncoder.class, (_, _) -> 1),
            answering(AnswerEngine.class, (_, _) -> 1),
            4);
    ClipWorker.Desk desk =
        new ClipWorker.Desk(model, 1, meters, Clock.systemUTC(), Schedulers.boundedElastic());
    TopicTable<ClipOutcome> outcomes =
        answering(
            TopicTable.class,
            (name, _) -> name.equals("find") ? Optional.empty() : Mono.<Void>empty());
    return new ClipWorker(
        cluster,
        store,
        jobs,
        new ClipPipeline(sampler, model),
        new ClipEnding(cluster, jobs, outcomes, desk),
        desk);
  }

  private Object cluster(Sinks.Many<TopicRecord> queue, String name, Object[] arguments) {
    return switch (name) {
      case "topics" -> TopicSettings.defaults();
      case "publish" ->
          Mono.fromSupplier(
              () -> {
                queue.tryEmitNext((TopicRecord) arguments[0]).orThrow();
                return new RecordPosition("video.clips", 0, 0, 0);
              });
      case "publishOnce" ->
          Mono.fromSupplier(
              () -> {
                for (Object record : (List<?>) arguments[1]) {
                  written.add((TopicRecord) record);
                }
                return true;
              });
      case "clips" -> queue.asFlux().map(ClipTriesTest::lease);
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** The first of a new order: the queue knows nothing of the times before. */
  private static ClipLease lease(TopicRecord order) {
    StoredRecord record =
        new StoredRecord(
            new RecordPosition("video.clips", 0, 0, 0),
            order.key(),
            Objects.requireNonNull(order.value()),
            order.headers(),
            Instant.EPOCH);
    return answering(
        ClipLease.class,
        (name, _) ->
            switch (name) {
              case "record" -> record;
              case "deliveryCount" -> 1;
              default -> null;
            });
  }

  @SuppressWarnings("unchecked") // a double of the type asked for
  private static <T> T answering(Class<? super T> type, BiFunction<String, Object[], ?> answers) {
    return (T)
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> answers.apply(method.getName(), arguments));
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      LockSupport.parkNanos(5_000_000);
    }
  }
}
