package dev.densestream.ingest.topic;

import static dev.densestream.ingest.topic.SeamFixture.LIMIT;
import static dev.densestream.ingest.topic.SeamFixture.PARTITIONS;
import static dev.densestream.ingest.topic.SeamFixture.nameOf;
import static dev.densestream.ingest.topic.SeamFixture.segment;
import static dev.densestream.ingest.topic.SeamFixture.segmentOf;
import static dev.densestream.ingest.topic.SeamFixture.settle;
import static dev.densestream.ingest.topic.SeamFixture.streamOn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.ingest.ReceivedSegment;
import dev.densestream.ingest.SegmentConsumer;
import dev.densestream.ingest.Settlement;
import dev.densestream.ingest.SettlementOutcome;
import dev.densestream.ingest.TopicClusterException;
import dev.densestream.ingest.TopicRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every broker must show of the way from the segments topic to settled answers. Tests that
 * name a number repeat the setting of a bug of reactor-kafka or atleon.
 */
abstract class SegmentSeamBehaviour {
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
  void deliversNoMoreThanDemanded_inTheOrderOfEachStream() {
    seam.publish("cam", 0, 20);
    var probe = read(member("a")).demand(3);
    probe.await(3);
    Await.staysTrue(A_WHILE, () -> probe.items().size() == 3);
    probe.demand(17);
    assertThat(probe.await(20).stream().map(SeamFixture::nameOf))
        .containsExactlyElementsOf(IntStream.range(0, 20).mapToObj(n -> "cam#" + n).toList());
  }

  @Test
  void resumesFromCommittedOffset_afterRestart() {
    seam.publish("cam", 0, 5);
    var first = member("a");
    try (var probe = read(first).demand(5)) {
      var items = probe.await(5);
      assertThat(settle(first, seam.answered(items.get(0)))).isEqualTo(committed());
      assertThat(settle(first, seam.answered(items.get(2)))).isEqualTo(committed());
    }
    first.close();
    var probe = read(member("a")).demand(9);
    assertThat(probe.await(4).stream().map(SeamFixture::nameOf))
        .containsExactly(
            "cam#1", "cam#2", "cam#3", "cam#4"); // one was open: it holds back the rest
    Await.staysTrue(A_WHILE, () -> probe.items().size() == 4);
  }

  @Test
  void publishesAnswersProgressAndOffsetsTogether() {
    seam.publish("cam", 0, 1);
    var consumer = member("a");
    var received = read(consumer).demand(1).await(1).getFirst();
    var topics = seam.settings.topics();
    var settlement =
        new Settlement(
            List.of(
                seam.answer("cam", "cam#0"),
                new TopicRecord(topics.progress(), "cam", new byte[] {1}, Map.of()),
                new TopicRecord(topics.deadLetters(), "cam", new byte[] {2}, Map.of())),
            List.of(received.position()),
            List.of(received.position()));
    assertThat(settle(consumer, settlement)).isEqualTo(committed());
    assertThat(seam.committedAnswers()).containsExactly("cam#0");
    assertThat(seam.cluster.lag().block(LIMIT)).isZero();
    assertThat(seam.count("densestream.ingest.settlements", "outcome", "committed")).isEqualTo(1);
  }

  @Test
  void showsNothingOfAnAbortedSettlement_andReadsItsSegmentAgain() {
    seam.publish("cam", 0, 1);
    var consumer = member("a");
    try (var probe = read(consumer).demand(1)) {
      var received = probe.await(1).getFirst();
      // The answer reaches the broker; the record after it is what the broker refuses.
      var deadLetters = seam.settings.topics().deadLetters();
      RawClients.setTopic(seam.clients(), deadLetters, "max.message.bytes", "1000");
      var tooLarge = new TopicRecord(deadLetters, "cam", new byte[50_000], Map.of());
      Await.until(LIMIT, () -> RawClients.refusedAsTooLarge(seam.clients(), tooLarge));
      var broken =
          new Settlement(
              List.of(seam.answer("cam", "cam#aborted"), tooLarge),
              List.of(received.position()),
              List.of(received.position()));
      assertThat(SeamFixture.refusal(consumer, broken)).isNotNull();
      assertThat(probe.awaitFailure()).isInstanceOf(TopicClusterException.class);
    }
    assertThat(seam.committedAnswers()).isEmpty();
    // The control: the aborted answer is on the topic, and only read_committed hides it.
    assertThat(RawClients.uncommitted(seam.clients(), seam.answers())).contains("cam#aborted");

    var again = read(consumer).demand(1).await(1).getFirst();
    assertThat(nameOf(again)).isEqualTo("cam#0");
    assertThat(settle(consumer, seam.answered(again))).isEqualTo(committed());
    assertThat(seam.committedAnswers()).containsExactly("cam#0");
  }

  @Test
  void callsWorkOfAnEarlierSubscriptionStale_andWritesNothing() {
    seam.publish("cam", 0, 1);
    var consumer = member("a");
    ReceivedSegment before;
    try (var probe = read(consumer).demand(1)) {
      before = probe.await(1).getFirst();
    }
    read(consumer).demand(1).await(1);
    assertThat(settle(consumer, seam.answered(before)))
        .isEqualTo(new SettlementOutcome.Stale(before.position()));
    assertThat(seam.committedAnswers()).isEmpty();
  }

  @Test
  void fencesAnInstanceThatHasBeenReplaced() {
    seam.publish("cam", 0, 1);
    var old = member("a");
    var probe = read(old).demand(1);
    var received = probe.await(1).getFirst();
    var successor = seam.opened(seam.elsewhere().segmentConsumer("a"));
    var again = read(successor).demand(1).await(1).getFirst();
    assertThat(probe.awaitFailure()).isInstanceOf(TopicClusterException.class);
    assertThat(SeamFixture.refusal(old, seam.answered(received))).isNotNull();
    assertThat(settle(successor, seam.answered(again))).isEqualTo(committed());
    assertThat(seam.committedAnswers()).containsExactly("cam#0");
  }

  @Test
  void deliversRecordsOfAnyProducer_andPoisonWithItsCode() {
    RawClients.send(seam.clients(), seam.segments(), "cam", new byte[] {7}, Map.of());
    RawClients.send(seam.clients(), seam.segments(), null, new byte[] {7}, Map.of());
    RawClients.send(seam.clients(), seam.segments(), "a b", new byte[] {7}, Map.of());
    RawClients.send(seam.clients(), seam.segments(), "cam", null, Map.of());
    RawClients.send(
        seam.clients(), seam.segments(), "cam", new byte[] {7}, Map.of("ce_sequence", "x"));
    seam.publish("cam", 8, 9);
    var consumer = member("a");
    var received = read(consumer).demand(9).await(6);
    assertThat(received.stream().map(SegmentSeamBehaviour::codeOf))
        .containsExactlyInAnyOrder(
            "intact",
            "missing_key",
            "invalid_stream_id",
            "empty_value",
            "invalid_header",
            "intact");
    for (ReceivedSegment each : received) {
      var done = new Settlement(List.of(), List.of(each.position()), List.of(each.position()));
      assertThat(settle(consumer, done)).isEqualTo(committed());
    }
    awaitNoLag();
    assertThat(seam.count("densestream.ingest.segments", "kind", "poison")).isEqualTo(4);
  }

  @Test
  void keepsItsMembership_whileNothingIsDemandedForLongerThanAPollMayTake() {
    seam.publishEverywhere(0, 1);
    var consumer = member("a");
    var probe = read(consumer);
    awaitJoined(consumer);
    var beyond = seam.settings.group().maxPollInterval().plusSeconds(1);
    Await.staysTrue(beyond, consumer::joined);
    assertThat(seam.count("densestream.ingest.rebalances", "kind", "lost")).isZero();
    probe.demand(PARTITIONS).await(PARTITIONS);
    assertThat(settle(consumer, seam.answered(probe.items().getFirst()))).isEqualTo(committed());
  }

  @Test
  void readsAheadNoFurtherThanItsBytes_howeverGreatTheDemand() {
    IntStream.range(0, 40).forEach(n -> seam.publish(segment("cam", n, 200_000)));
    var gate = new CountDownLatch(1);
    var probe = Probe.working(member("a").segments(), _ -> awaitOpen(gate));
    seam.opened(probe).demand(Long.MAX_VALUE);
    probe.await(1);
    Await.until(LIMIT, () -> queueBytes() > 1 << 20);
    Await.staysTrue(A_WHILE, () -> queueBytes() < (1 << 20) + 8 * 200_000);
    gate.countDown();
    probe.await(40);
  }

  @Test
  void reactorKafka237_pausedPartitionsStayPaused_afterRebalance() {
    var paused = member("a");
    var probe = read(paused);
    awaitJoined(paused);
    seam.publishEverywhere(0, 20);
    var other = member("b");
    var others = read(other);
    awaitShared();
    other.close();
    awaitAssigned("a", PARTITIONS);
    Await.staysTrue(A_WHILE, () -> received() == 0);
    assertThat(queueBytes()).isZero();
    assertThat(others.items()).isEmpty();
    assertThat(probe.items()).isEmpty();
  }

  /** Also reactor-kafka #305, #363 and #411: a pause forgotten, or kept for ever. */
  @Test
  void atleon422_readsAllPartitionsAgain_afterTheyWentAndCameBackWhilePaused() {
    var consumer = member("a");
    var probe = read(consumer);
    awaitJoined(consumer);
    var other = member("b");
    read(other);
    awaitShared();
    other.close();
    awaitAssigned("a", PARTITIONS);
    seam.publishEverywhere(0, 2);
    Await.staysTrue(A_WHILE, () -> probe.items().isEmpty());
    probe.demand(Long.MAX_VALUE);
    assertThat(partitionsOf(probe.await(2 * PARTITIONS))).hasSize(PARTITIONS);
  }

  @Test
  void reactorKafka345_dropsWhatItReadAhead_ofARevokedPartition() {
    seam.publishEverywhere(0, 4);
    var gate = new CountDownLatch(1);
    var slow = Probe.working(member("a").segments(), _ -> awaitOpen(gate));
    seam.opened(slow).demand(Long.MAX_VALUE);
    slow.await(1);
    Await.until(LIMIT, () -> received() == 4 * PARTITIONS);
    var quick = read(member("b")).demand(Long.MAX_VALUE);
    quick.await(1);
    awaitShared();
    gate.countDown();
    var taken = assignedTo("b");
    int kept = PARTITIONS - taken.size();
    var delivered = slow.await(4 * kept);
    Await.staysTrue(A_WHILE, () -> slow.items().size() <= 4 * kept + 1);
    // Only what was at work already when its partition went may be of a partition that went.
    assertThat(delivered.stream().skip(1).map(each -> each.position().partition()))
        .doesNotContainAnyElementsOf(taken);
    assertThat(seam.count("densestream.ingest.dropped", "reason", "revoked"))
        .isBetween(4.0 * taken.size() - 1, 4.0 * taken.size());
  }

  @Test
  void reactorKafka371_givesPartitionsUpAtOnce_whileWorkIsUnsettled() {
    seam.publishEverywhere(0, 1);
    read(member("a")).demand(PARTITIONS).await(PARTITIONS); // and settles none of it
    var other = read(member("b")).demand(Long.MAX_VALUE);
    other.await(1);
    awaitShared();
  }

  @Test
  void reactorKafka386_goesOn_whenASlowSubscriberSpansARebalance() {
    seam.publishEverywhere(0, 3);
    var gate = new CountDownLatch(1);
    var consumer = member("a");
    var slow = Probe.working(consumer.segments(), _ -> awaitOpen(gate));
    seam.opened(slow).demand(Long.MAX_VALUE);
    slow.await(1);
    var other = member("b");
    read(other);
    awaitShared();
    other.close();
    awaitAssigned("a", PARTITIONS);
    gate.countDown();
    Await.until(LIMIT, () -> names(slow.items()).size() == 3 * PARTITIONS);
    var last = slow.items().getLast();
    assertThat(settle(consumer, seam.answered(last))).isEqualTo(committed());
  }

  /** Also reactor-kafka #259 and #260: what was done out of order, and went, blocks nothing. */
  @Test
  void reactorKafka266_settlingARevokedPartitionIsStale_andReadingGoesOn() {
    seam.publishEverywhere(0, 2);
    var consumer = member("a");
    var probe = read(consumer).demand(Long.MAX_VALUE);
    var before = probe.await(2 * PARTITIONS);
    before.stream()
        .filter(each -> segmentOf(each).sequence() == 1)
        .forEach(each -> assertThat(settle(consumer, done(each))).isEqualTo(committed()));
    var other = member("b");
    var others = read(other).demand(Long.MAX_VALUE);
    awaitShared();
    var taken = assignedTo("b");
    for (ReceivedSegment each : before) {
      if (segmentOf(each).sequence() == 0) {
        var expected =
            taken.contains(each.position().partition())
                ? new SettlementOutcome.Stale(each.position())
                : committed();
        assertThat(settle(consumer, seam.answered(each))).isEqualTo(expected);
      }
    }
    for (ReceivedSegment each : others.await(2 * taken.size())) {
      assertThat(settle(other, seam.answered(each))).isEqualTo(committed());
    }
    seam.publishEverywhere(2, 3);
    probe.await(2 * PARTITIONS + PARTITIONS - taken.size());
    assertThat(seam.committedAnswers()).doesNotHaveDuplicates();
    assertThat(seam.committedAnswers().stream().filter(name -> name.endsWith("#0")))
        .hasSize(PARTITIONS);
  }

  @Test
  void settlesEverySegmentOnce_whileMembersComeAndGo() {
    int each = 12;
    seam.publishEverywhere(0, each);
    var first = member("a");
    working(first);
    for (int round = 0; round < 3; round++) {
      var passing = member("b" + round);
      working(passing);
      awaitJoined(passing);
      seam.publishEverywhere(each + round, each + round + 1);
      passing.close();
    }
    awaitNoLag();
    var expected =
        IntStream.range(0, PARTITIONS)
            .boxed()
            .flatMap(p -> IntStream.range(0, each + 3).mapToObj(n -> streamOn(p) + "#" + n))
            .sorted()
            .toList();
    assertThat(seam.committedAnswers()).isEqualTo(expected);
  }

  /** Answers each segment in its turn; a broken membership begins again. */
  private void working(SegmentConsumer consumer) {
    var answers =
        consumer
            .segments()
            .limitRate(4)
            .concatMap(received -> consumer.settle(seam.answered(received)), 1)
            .retry(3);
    var running = answers.subscribe();
    seam.opened(running::dispose);
  }

  private SegmentConsumer member(String instance) {
    return seam.opened(seam.cluster.segmentConsumer(instance));
  }

  private Probe<ReceivedSegment> read(SegmentConsumer consumer) {
    return seam.opened(Probe.of(consumer.segments()));
  }

  private static void awaitJoined(SegmentConsumer consumer) {
    Await.until(LIMIT, consumer::joined);
  }

  /** Until every partition has a member, and both members have partitions. */
  private void awaitShared() {
    Await.until(
        LIMIT,
        () -> {
          int first = assignedTo("a").size();
          int second = assignedTo("b").size();
          return first > 0 && second > 0 && first + second == PARTITIONS;
        });
  }

  private void awaitAssigned(String instance, int partitions) {
    Await.until(LIMIT, () -> assignedTo(instance).size() == partitions);
  }

  private Set<Integer> assignedTo(String instance) {
    return RawClients.assignments(seam.clients(), instance);
  }

  private double queueBytes() {
    return seam.meters.get("densestream.ingest.queue.bytes").gauge().value();
  }

  private double received() {
    return seam.count("densestream.ingest.segments", "kind", "intact");
  }

  private static Settlement done(ReceivedSegment received) {
    return new Settlement(List.of(), List.of(received.position()), List.of(received.position()));
  }

  private static SettlementOutcome committed() {
    return new SettlementOutcome.Committed();
  }

  private static Set<String> names(List<ReceivedSegment> received) {
    return received.stream().map(SeamFixture::nameOf).collect(Collectors.toSet());
  }

  private static Set<Integer> partitionsOf(List<ReceivedSegment> received) {
    return received.stream().map(each -> each.position().partition()).collect(Collectors.toSet());
  }

  private static String codeOf(ReceivedSegment received) {
    return switch (received) {
      case ReceivedSegment.Intact _ -> "intact";
      case ReceivedSegment.Poison poison -> poison.code();
    };
  }

  private static void awaitOpen(CountDownLatch gate) {
    try {
      assertThat(gate.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** A transaction's offsets are seen a moment after it was committed. */
  private void awaitNoLag() {
    Await.until(
        Duration.ofSeconds(30), () -> Long.valueOf(0).equals(seam.cluster.lag().block(LIMIT)));
  }
}
