package dev.densestream.answerservice.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.Progress;
import dev.densestream.answerservice.Question;
import dev.densestream.answerservice.StreamActivity;
import dev.densestream.answerservice.WindowShape;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.ingest.ClusterSettings;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.PtsRange;
import dev.densestream.ingest.Segment;
import dev.densestream.ingest.SegmentConsumer;
import dev.densestream.ingest.SegmentCutter;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.ingest.StreamId;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicRecord;
import dev.densestream.ingest.TopicSettings;
import dev.densestream.ingest.TopicTable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The live pipeline as the application wires it, over topics of its own on a real broker, with the
 * decoder and model given.
 */
final class LiveRig implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(2);
  static final long SECOND = 1_000_000;
  static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final AtomicReference<Instant> now = new AtomicReference<>(START);
  final TopicCluster cluster;
  final FrameBudget budget;
  private final List<SegmentCutter.Piece> pieces;
  private final SegmentConsumer consumer;
  private final TopicTable<Question> questions;
  private final TopicTable<StreamDefinition> streams;
  private final TopicTable<Progress> progress;
  private final Disposable running;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  /**
   * @param pieces a second of video each
   * @param frameBytes the budget's
   * @param idleTicks of silence, until a stream's windows are ended
   * @param timer of the model's deadline of a minute
   */
  record Parts(
      String bootstrapServers,
      FrameSampler sampler,
      AnswerModel model,
      List<SegmentCutter.Piece> pieces,
      long frameBytes,
      int idleTicks,
      Scheduler timer) {
    Parts with(AnswerModel other) {
      return new Parts(bootstrapServers, sampler, other, pieces, frameBytes, idleTicks, timer);
    }

    Parts with(FrameSampler other) {
      return new Parts(bootstrapServers, other, model, pieces, frameBytes, idleTicks, timer);
    }

    Parts withFrameBytes(long most) {
      return new Parts(bootstrapServers, sampler, model, pieces, most, idleTicks, timer);
    }

    Parts withIdleTicks(int ticks) {
      return new Parts(bootstrapServers, sampler, model, pieces, frameBytes, ticks, timer);
    }

    Parts withTimer(Scheduler other) {
      return new Parts(bootstrapServers, sampler, model, pieces, frameBytes, idleTicks, other);
    }
  }

  /** A terminal record as a reader of committed records sees it. */
  record Seen(String stream, String question, long version, long second, JsonNode body) {
    static Seen of(byte[] value) {
      JsonNode body = JsonMapper.shared().readTree(value).path("data");
      return new Seen(
          body.path("stream").asString(),
          body.at("/question/id").asString(),
          body.at("/question/version").asLong(),
          body.at("/window/startMicros").asLong() / SECOND,
          body);
    }

    String coordinates() {
      return stream + " " + question + "@" + version + " " + second;
    }

    /** Such as {@code answered} or {@code skipped lagging}. */
    String outcome() {
      String why = body.path("reason").asString("") + body.path("code").asString("");
      return (body.path("outcome").asString() + " " + why).strip();
    }
  }

  static LiveRig start(Parts parts) {
    return new LiveRig(parts);
  }

  private LiveRig(Parts parts) {
    pieces = parts.pieces;
    cluster = TopicCluster.connect(settings(parts.bootstrapServers), meters);
    cluster.createTopics().block(PATIENCE);
    consumer = cluster.segmentConsumer("0");
    questions = cluster.table(cluster.topics().questions(), Question::ofRecord);
    streams = cluster.table(cluster.topics().streams(), StreamDefinition::ofRecord);
    progress = cluster.table(cluster.topics().progress(), (_, value) -> Progress.parse(value));
    InstantSource source = now::get;
    Clock clock = source.withZone(ZoneOffset.UTC);
    LiveMetrics metrics = new LiveMetrics(meters);
    StandingQuestions standing = new StandingQuestions(questions, streams, meters);
    StreamActivity activity = new StreamActivity(clock);
    budget = new FrameBudget(parts.frameBytes);
    metrics.watch(budget);
    LivePipeline pipeline =
        new LivePipeline(
            consumer,
            new SegmentStage(
                parts.sampler,
                parts.model.encoder(),
                standing,
                activity,
                metrics,
                new SegmentStage.Bounds(8, Duration.ofSeconds(10), clock),
                budget),
            new StreamWindows(
                standing,
                progress,
                activity,
                metrics,
                new StreamWindows.Bounds(parts.idleTicks, 1 << 30)),
            new WindowAnswers(
                parts.model,
                metrics,
                new WindowAnswers.Deadline(Duration.ofMinutes(1), parts.timer),
                clock),
            metrics,
            new LivePipeline.Width(2, 1, cluster.topics()));
    running = pipeline.run().subscribe(_ -> {}, failure::set);
  }

  private static ClusterSettings settings(String bootstrapServers) {
    String own = "-" + UUID.randomUUID();
    TopicSettings topics =
        new TopicSettings(
            "segments" + own,
            "streams" + own,
            "questions" + own,
            "clips" + own,
            "answers" + own,
            "letters" + own,
            "progress" + own,
            "clip-outcomes" + own);
    ClusterSettings.Group usual = ClusterSettings.Group.defaults();
    return new ClusterSettings(
        topics,
        bootstrapServers,
        Map.of(),
        new ClusterSettings.Group(
            "answers" + own,
            "clips" + own,
            "tx" + own,
            usual.sessionTimeout(),
            usual.maxPollInterval(),
            usual.queueBytes()),
        new ClusterSettings.Broker(null, 0));
  }

  static Question question(String id, long version, long seconds) {
    WindowShape shape = new WindowShape(1000 * seconds, 1000 * seconds);
    return new Question(id, version, "*", "What is seen?", shape, 4);
  }

  void ask(Question question) {
    publish(
        new TopicRecord(cluster.topics().questions(), question.id(), question.toJson(), Map.of()));
    await(questions, table -> question.equals(table.get(question.id())));
  }

  void withdraw(String id) {
    publish(TopicRecord.tombstone(cluster.topics().questions(), id));
    await(questions, table -> !table.containsKey(id));
  }

  void define(String stream, StreamDefinition.Overload overload) {
    StreamDefinition definition =
        new StreamDefinition(
            new StreamId(stream),
            null,
            false,
            StreamDefinition.Pace.MEDIA_SPEED,
            1000,
            "fps:1",
            overload);
    publish(new TopicRecord(cluster.topics().streams(), stream, definition.toJson(), Map.of()));
    await(streams, table -> definition.equals(table.get(stream)));
  }

  void undefine(String stream) {
    publish(TopicRecord.tombstone(cluster.topics().streams(), stream));
    await(streams, table -> !table.containsKey(stream));
  }

  private <V> void await(TopicTable<V> table, Predicate<Map<String, V>> condition) {
    table.caughtUp().block(PATIENCE);
    assertThat(condition.test(table.snapshot())).isTrue();
  }

  void publish(TopicRecord record) {
    cluster.publish(record).block(PATIENCE);
  }

  /** Seconds {@code from} to {@code to} of a camera's recording. */
  void record(String stream, int from, int to) {
    for (int second = from; second < to; second++) {
      record(stream, second, video(second));
    }
  }

  void record(String stream, int second, byte[] video) {
    publish(stream, second, new PtsRange(second * SECOND, (second + 1) * SECOND), false, video);
  }

  /** A second of video that says of itself that it lies there. */
  void recordAt(String stream, int sequence, PtsRange range) {
    publish(stream, sequence, range, false, video(sequence));
  }

  /** A second of video that does not say where it lies. */
  void recordFloating(String stream, int sequence) {
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, START.plusSeconds(sequence));
    publish(stream, sequence, new PtsRange(now, now), true, video(sequence));
  }

  private byte[] video(int sequence) {
    return pieces.get(sequence % pieces.size()).media().content().clone();
  }

  private void publish(
      String stream, int sequence, PtsRange range, boolean floating, byte[] video) {
    cluster
        .publish(
            new Segment(
                new StreamId(stream),
                "run",
                sequence,
                range,
                floating,
                START.plusSeconds(sequence),
                "video/mp4",
                new Media.Bytes(video)))
        .block(PATIENCE);
  }

  /** The terminal records in the order of the topic, once there are so many. */
  List<Seen> answers(int count) {
    List<Seen> answers = new ArrayList<>();
    tail(cluster.topics().answers(), count).forEach(value -> answers.add(Seen.of(value)));
    return answers;
  }

  /** The codes of the first dead letters. */
  List<String> letters(int count) {
    return tail(cluster.topics().deadLetters(), count).stream()
        .map(value -> JsonMapper.shared().readTree(new String(value, UTF_8)))
        .map(letter -> letter.path("code").asString())
        .toList();
  }

  private List<byte[]> tail(String topic, int count) {
    Mono<List<byte[]>> read =
        cluster
            .tail(topic, Map.of(), TopicCluster.Start.EARLIEST)
            .map(record -> requireNonNull(record.value()))
            .take(count)
            .collectList();
    List<byte[]> values = requireNonNull(read.block(PATIENCE));
    assertThat(failure.get()).isNull();
    return values;
  }

  /** The last progress record of a stream. */
  Progress progress(String stream) {
    progress.caughtUp().block(PATIENCE);
    return progress.find(stream).orElseThrow();
  }

  /** Waits until everything read is settled. */
  void awaitNoLag() {
    Mono.defer(cluster::lag)
        .repeatWhen(again -> again.delayElements(Duration.ofMillis(100)))
        .takeUntil(lag -> lag == 0)
        .blockLast(PATIENCE);
  }

  /** Waits until so many segments are decoded and in their windows. */
  void awaitTaken(int count) {
    awaitDecoded(count);
    awaitUntil(() -> meters.get("densestream.segments.active").gauge().value() == 0);
  }

  /** Waits until so many segments are decoded. */
  void awaitDecoded(int count) {
    awaitUntil(
        () ->
            meters.find("densestream.segments").counters().stream()
                    .mapToDouble(counter -> counter.count())
                    .sum()
                >= count);
  }

  /** Of visual tokens, for open windows. */
  double heldBytes() {
    return meters.get("densestream.queue.bytes").tag("queue", "windows").gauge().value();
  }

  static void awaitUntil(BooleanSupplier condition) {
    Mono.fromSupplier(condition::getAsBoolean)
        .subscribeOn(Schedulers.boundedElastic())
        .repeatWhen(again -> again.delayElements(Duration.ofMillis(20)))
        .takeUntil(holds -> holds)
        .blockLast(PATIENCE);
  }

  /** The count, once it is so high: what is settled is counted right after it can be read. */
  double counted(int atLeast, String name, String... tags) {
    awaitUntil(() -> counted(name, tags) >= atLeast);
    return counted(name, tags);
  }

  double counted(String name, String... tags) {
    return meters.counter(name, tags).count();
  }

  @Override
  public void close() {
    running.dispose();
    consumer.close();
    questions.close();
    streams.close();
    progress.close();
    cluster.close();
  }
}
