package dev.densestream.ingest.topic;

import static dev.densestream.ingest.topic.SeamFixture.LIMIT;
import static dev.densestream.ingest.topic.SeamFixture.texts;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.ingest.ClipLease;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.StoredRecord;
import dev.densestream.ingest.TopicCluster.Start;
import dev.densestream.ingest.TopicRecord;
import dev.densestream.ingest.TopicTable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What every broker must show of tails, tables, the clip queue and plain publishing. */
abstract class TopicSeamBehaviour {
  private static final Duration A_WHILE = Duration.ofMillis(700);
  private SeamFixture seam;

  abstract String bootstrapServers();

  @BeforeEach
  void open() {
    seam = new SeamFixture(bootstrapServers());
  }

  @AfterEach
  void close() {
    seam.close();
  }

  @Test
  void createsTopicsAsPlanned_andLeavesExistingOnesAlone() {
    seam.cluster.createTopics().block(LIMIT);
    for (var planned : TopicPlan.of(seam.settings.topics())) {
      assertThat(seam.cluster.partitions(planned.name()).block(LIMIT))
          .hasSize(planned.numPartitions());
    }
  }

  @Test
  void tailsInOrder_withinDemand_headersUntouched() {
    for (int n = 0; n < 5; n++) {
      publish(seam.answers(), "cam", "a" + n, Map.of("traceparent", "00-4bf9-00f0-01"));
    }
    var probe = tail(Map.of(), Start.EARLIEST).demand(2);
    probe.await(2);
    Await.staysTrue(A_WHILE, () -> probe.items().size() == 2);
    probe.demand(3);
    assertThat(texts(probe.await(5))).containsExactly("a0", "a1", "a2", "a3", "a4");
    assertThat(probe.items().getFirst().headers()).containsEntry("traceparent", "00-4bf9-00f0-01");
  }

  @Test
  void tailsOnFromAPosition() {
    publish(seam.answers(), "cam", "seen", Map.of());
    var seen = publish(seam.answers(), "cam", "seen too", Map.of());
    publish(seam.answers(), "cam", "new", Map.of());
    var probe = tail(Map.of(seen.partition(), seen.offset()), Start.LATEST).demand(9);
    assertThat(texts(probe.await(1))).containsExactly("new");
  }

  @Test
  void tailsFromTheEnd_alsoWhenDemandComesLater() {
    publish(seam.answers(), "cam", "old", Map.of());
    var probe = tail(Map.of(), Start.LATEST);
    // Until the tail has found the end nothing tells it apart; so the records keep coming.
    Await.until(
        LIMIT,
        () -> {
          publish(seam.answers(), "cam", "new", Map.of());
          probe.demand(1);
          return !probe.items().isEmpty();
        });
    assertThat(texts(probe.items())).doesNotContain("old");
  }

  @Test
  void tailShowsNothingOfAnOpenTransaction_norOfAnAbortedOne() {
    var probe = tail(Map.of(), Start.EARLIEST).demand(9);
    try (Producer<String, byte[]> producer = new KafkaProducer<>(seam.clients().settler("raw"))) {
      producer.initTransactions();
      producer.beginTransaction();
      var aborted = seam.answer("cam", "aborted");
      RawClients.get(producer.send(SettlementPublisher.producerRecord(aborted)));
      publish(seam.answers(), "cam", "after", Map.of());
      Await.staysTrue(A_WHILE, () -> probe.items().isEmpty());
      producer.abortTransaction();
    }
    assertThat(texts(probe.await(1))).containsExactly("after");
  }

  @Test
  void tableHoldsTheLatestOfEachKey_andForgetsTombstones() {
    var topic = seam.settings.topics().questions();
    publish(topic, "q1", "first", Map.of());
    publish(topic, "q1", "second", Map.of());
    publish(topic, "q2", "gone", Map.of());
    seam.cluster.publish(TopicRecord.tombstone(topic, "q2")).block(LIMIT);
    var table = table(topic);
    table.caughtUp().block(LIMIT);
    assertThat(table.snapshot()).isEqualTo(Map.of("q1", "second"));
  }

  @Test
  void tableSkipsAndCountsWhatDoesNotParse() {
    var topic = seam.settings.topics().questions();
    publish(topic, "q1", "good", Map.of());
    publish(topic, "q1", "bad", Map.of());
    publish(topic, "q2", "bad", Map.of());
    var table = table(topic);
    table.caughtUp().block(LIMIT);
    assertThat(table.snapshot()).isEqualTo(Map.of("q1", "good"));
    assertThat(seam.count("densestream.ingest.table.unreadable", "topic", topic)).isEqualTo(2);
  }

  @Test
  void tableTellsEachChange_andNeverLosesTheLast() {
    var topic = seam.settings.topics().streams();
    var table = table(topic);
    table.caughtUp().block(LIMIT);
    try (var probe = Probe.of(table.changes())) {
      for (int n = 0; n < 50; n++) {
        publish(topic, "s" + n % 2, "v" + n, Map.of());
      }
      Await.until(LIMIT, () -> "v49".equals(table.snapshot().get("s1")));
      probe.demand(Long.MAX_VALUE);
      assertThat(probe.await(2)).contains("s0", "s1");
      assertThat(probe.items().size()).isLessThan(10); // told late, told once
      publish(topic, "s7", "last", Map.of());
      Await.until(LIMIT, () -> probe.items().contains("s7"));
    }
  }

  @Test
  void tableHasCaughtUp_onlyWhenTheOpenTransactionBeforeItHasEnded() {
    var topic = seam.settings.topics().progress();
    try (Producer<String, byte[]> producer = new KafkaProducer<>(seam.clients().settler("raw"))) {
      producer.initTransactions();
      producer.beginTransaction();
      var progress = new TopicRecord(topic, "cam", "42".getBytes(UTF_8), Map.of());
      RawClients.get(producer.send(SettlementPublisher.producerRecord(progress)));
      var table = table(topic);
      CompletableFuture<@Nullable Void> caughtUp = table.caughtUp().toFuture();
      Await.staysTrue(A_WHILE, () -> !caughtUp.isDone());
      producer.commitTransaction();
      Await.until(LIMIT, caughtUp::isDone);
      assertThat(table.snapshot()).containsEntry("cam", "42");
    }
  }

  @Test
  void writesOnce_howeverOftenItIsTried() {
    var outcomes = table(seam.settings.topics().clipOutcomes());
    var unwritten =
        outcomes.caughtUp().then(Mono.fromSupplier(() -> outcomes.find("c1").isEmpty()));
    assertThat(once("c1", "first", unwritten)).isTrue();
    assertThat(once("c1", "second", unwritten)).isFalse();
    assertThat(once("c2", "other", Mono.just(true))).isTrue();
    // The control: without the look at the table it is written again.
    assertThat(once("c1", "again", Mono.just(true))).isTrue();
    var probe = tail(Map.of(), Start.EARLIEST).demand(9);
    assertThat(texts(probe.await(3))).containsExactlyInAnyOrder("first", "other", "again");
  }

  @Test
  void writesOnce_thoughAnEarlierWriterIsStillAtIt() {
    var outcomes = table(seam.settings.topics().clipOutcomes());
    var unwritten =
        outcomes.caughtUp().then(Mono.fromSupplier(() -> outcomes.find("c1").isEmpty()));
    try (Producer<String, byte[]> earlier = new KafkaProducer<>(seam.clients().once("c1"))) {
      earlier.initTransactions();
      earlier.beginTransaction();
      RawClients.get(
          earlier.send(SettlementPublisher.producerRecord(seam.answer("c1", "earlier"))));
      assertThat(once("c1", "later", unwritten)).isTrue();
      assertThatThrownBy(earlier::commitTransaction).isInstanceOf(KafkaException.class);
    }
    var probe = tail(Map.of(), Start.EARLIEST).demand(9);
    assertThat(texts(probe.await(1))).containsExactly("later");
    Await.staysTrue(A_WHILE, () -> probe.items().size() == 1);
  }

  @Test
  void writesNothing_andCanBeTriedAgain_whenTheLookFails() {
    Mono<Boolean> failing = Mono.error(new IllegalStateException("on purpose"));
    assertThatThrownBy(() -> once("c1", "lost", failing)).hasStackTraceContaining("on purpose");
    assertThat(once("c1", "kept", Mono.just(true))).isTrue();
    var probe = tail(Map.of(), Start.EARLIEST).demand(9);
    assertThat(texts(probe.await(1))).containsExactly("kept");
  }

  @Test
  void clipIsTakenOnce_whenAccepted() {
    publish(clipTopic(), "c1", "job", Map.of());
    var probe = clips(1).demand(2);
    var lease = probe.await(1).getFirst();
    assertThat(lease.record().key()).isEqualTo("c1");
    assertThat(lease.deliveryCount()).isEqualTo(1);
    lease.accept();
    Await.until(LIMIT, () -> clipsEnded("accept") == 1);
    Await.staysTrue(A_WHILE, () -> probe.items().size() == 1);
  }

  @Test
  void clipComesBack_whenReleased_andNot_whenRejected() {
    publish(clipTopic(), "c1", "job", Map.of());
    var probe = clips(1).demand(3);
    probe.await(1).getFirst().release();
    var again = probe.await(2).get(1);
    assertThat(again.record().key()).isEqualTo("c1");
    assertThat(again.deliveryCount()).isEqualTo(2);
    again.reject();
    Await.until(LIMIT, () -> clipsEnded("reject") == 1);
    Await.staysTrue(A_WHILE, () -> probe.items().size() == 2);
  }

  @Test
  void clipGoesBackToTheQueue_whenItsTakerLeaves() {
    publish(clipTopic(), "c1", "job", Map.of());
    try (var probe = clips(1).demand(1)) {
      probe.await(1);
    }
    assertThat(clips(1).demand(1).await(1).getFirst().deliveryCount()).isEqualTo(2);
  }

  @Test
  void clipGoesBackToTheQueueAtOnce_whenItsTakersProcessStops() {
    publish(clipTopic(), "c1", "job", Map.of());
    var other = seam.elsewhere();
    var taking = probe(other.clips(1)).demand(1);
    taking.await(1);
    other.close();
    // Sooner than the lock of 30 s runs out.
    assertThat(clips(1).demand(1).await(1).getFirst().deliveryCount()).isEqualTo(2);
  }

  @Test
  void clipGoesToAnother_whenItsLockHasRunOut_andALateVerdictChangesNothing() {
    publish(clipTopic(), "c1", "job", Map.of());
    try (var silent = new KafkaShareConsumer<byte[], byte[]>(seam.clients().clipMember())) {
      RawClients.setGroup(
          seam.clients(),
          seam.settings.group().clipGroup(),
          "share.record.lock.duration.ms",
          "1500");
      silent.subscribe(Set.of(clipTopic()));
      var taken = new AtomicReference<ConsumerRecord<byte[], byte[]>>();
      Await.until(
          LIMIT,
          () -> {
            silent.poll(Duration.ofMillis(200)).forEach(taken::set);
            return taken.get() != null;
          });
      // It never renews: so the job is another's, who accepts it.
      var probe = clips(1).demand(2);
      assertThat(probe.await(1).getFirst().deliveryCount()).isEqualTo(2);
      probe.items().getFirst().accept();
      Await.until(LIMIT, () -> clipsEnded("accept") == 1);
      silent.acknowledge(taken.get(), AcknowledgeType.RELEASE);
      silent.commitSync(); // it may or may not be told
      Await.staysTrue(A_WHILE, () -> probe.items().size() == 1);
    }
  }

  @Test
  void clipStaysWithItsTaker_forLongerThanTheLockLasts() {
    var group = seam.settings.group().clipGroup();
    RawClients.setGroup(seam.clients(), group, "share.record.lock.duration.ms", "1500");
    publish(clipTopic(), "c1", "job", Map.of());
    var holding = clips(1).demand(1);
    var lease = holding.await(1).getFirst();
    var waiting = clips(1).demand(1);
    Await.staysTrue(Duration.ofSeconds(5), () -> waiting.items().isEmpty());
    lease.accept();
    Await.until(LIMIT, () -> clipsEnded("accept") == 1);
    assertThat(waiting.items()).isEmpty();
  }

  @Test
  void holdsNoMoreClipsThanItsConcurrency_norThanDemanded() {
    for (int n = 0; n < 6; n++) {
      publish(clipTopic(), "c" + n, "job", Map.of());
    }
    var probe = clips(2).demand(1);
    probe.await(1);
    Await.staysTrue(A_WHILE, () -> probe.items().size() == 1);
    probe.demand(5);
    probe.await(2);
    Await.staysTrue(A_WHILE, () -> probe.items().size() == 2);
    for (int done = 0; done < 6; done++) {
      probe.await(done + 1).get(done).accept();
    }
    Await.until(LIMIT, () -> clipsEnded("accept") == 6);
  }

  @Test
  void measuresTheLagOfTheGroup() {
    assertThat(seam.cluster.lag().block(LIMIT)).isZero();
    seam.publish("cam", 0, 3);
    assertThat(seam.cluster.lag().block(LIMIT)).isEqualTo(3);
  }

  /** An answer and, with it, the outcome that says there is one. */
  private boolean once(String name, String text, Mono<Boolean> wanted) {
    var outcome =
        new TopicRecord(
            seam.settings.topics().clipOutcomes(), name, text.getBytes(UTF_8), Map.of());
    return requireNonNull(
        seam.cluster
            .publishOnce(name, List.of(seam.answer(name, text), outcome), wanted)
            .block(LIMIT));
  }

  private RecordPosition publish(
      String topic, String key, String value, Map<String, String> headers) {
    var record = new TopicRecord(topic, key, value.getBytes(UTF_8), headers);
    return requireNonNull(seam.cluster.publish(record).block(LIMIT));
  }

  private Probe<StoredRecord> tail(Map<Integer, Long> after, Start start) {
    return probe(seam.cluster.tail(seam.answers(), after, start));
  }

  private TopicTable<String> table(String topic) {
    return seam.opened(
        seam.cluster.table(
            topic,
            (_, value) -> {
              var text = new String(value, UTF_8);
              if (text.equals("bad")) {
                throw new IllegalArgumentException("bad on purpose");
              }
              return text;
            }));
  }

  private Probe<ClipLease> clips(int concurrency) {
    return probe(seam.cluster.clips(concurrency));
  }

  private <T> Probe<T> probe(Flux<T> flux) {
    return seam.opened(Probe.of(flux));
  }

  private String clipTopic() {
    return seam.settings.topics().clips();
  }

  private double clipsEnded(String outcome) {
    return seam.count("densestream.ingest.clips", "outcome", outcome);
  }
}
