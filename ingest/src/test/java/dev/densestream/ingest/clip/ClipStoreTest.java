package dev.densestream.ingest.clip;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.ingest.Awaiting;
import dev.densestream.ingest.ClipSettings;
import dev.densestream.ingest.ClipStore;
import dev.densestream.ingest.ClipUpload;
import dev.densestream.ingest.MediaRefusedException;
import dev.densestream.ingest.StoredClip;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

final class ClipStoreTest {
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

  @TempDir Path folder;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private ClipStore store;

  @BeforeEach
  void open() {
    store = openStore();
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void keepsWhatArrived_underANameOfItsOwn() throws IOException {
    StoredClip clip = store("hello ", "clip");
    assertThat(clip.path()).hasContent("hello clip").hasParentRaw(folder);
    assertThat(clip.sizeBytes()).isEqualTo(10);
    assertThat(clip.sha256())
        .isEqualTo("d73947db74bb84252f67c60f87e0cc79d726d6874f9dbf76164bbd0da0ebf232");
    assertThat(store.find(clip.id())).contains(clip);
    assertThat(meters.counter("densestream.clips.accepted").count()).isEqualTo(1);
    assertThat(incoming()).isEmpty();
  }

  @Test
  void neverUsesTheSendersNameAsAPath() throws IOException {
    StoredClip clip =
        block(
            Flux.just(bytes("x")),
            new ClipUpload("../../etc/\u0000pass\nwd", "a/b", OptionalLong.empty()));
    assertThat(clip.name()).isEqualTo("../../etc/passwd");
    assertThat(clip.path()).hasParentRaw(folder);
    assertThat(clip.path().getFileName().toString()).matches("[0-9a-f]{32}\\.media");
  }

  @Test
  void refusesAsSoonAsTheLimitIsCrossed_andLeavesNothing() throws IOException {
    AtomicLong asked = new AtomicLong();
    Flux<ByteBuffer> endless =
        Flux.<ByteBuffer>generate(sink -> sink.next(ByteBuffer.allocate(100)))
            .doOnNext(_ -> asked.incrementAndGet());
    assertThatThrownBy(() -> block(endless, upload())).satisfies(refused("too_large"));
    assertThat(asked.get()).as("buffers taken of an endless body").isLessThan(30);
    assertNothingLeft();
    assertThat(meters.counter("densestream.clips.refused", "reason", "too_large").count())
        .isEqualTo(1);
  }

  @Test
  void refusesADeclaredSizeBeforeReading() throws IOException {
    Flux<ByteBuffer> untouched = Flux.error(new AssertionError("the body was read"));
    assertThatThrownBy(
            () -> block(untouched, new ClipUpload("a", "video/mp4", OptionalLong.of(1001))))
        .satisfies(refused("too_large"));
    assertNothingLeft();
  }

  @Test
  void refusesEmptyContent() throws IOException {
    assertThatThrownBy(() -> block(Flux.empty(), upload())).satisfies(refused("not_a_video"));
    assertNothingLeft();
  }

  @Test
  void leavesNothing_whenTheSenderBreaksOff() throws IOException {
    assertThatThrownBy(
            () ->
                block(
                    Flux.concat(Flux.just(bytes("half")), Flux.error(new IOException("reset"))),
                    upload()))
        .hasRootCauseMessage("reset");
    assertNothingLeft();
    assertThat(meters.counter("densestream.clips.refused", "reason", "failed").count())
        .isEqualTo(1);
  }

  @Test
  void leavesNothing_whenCancelled() {
    TestPublisher<ByteBuffer> sender = TestPublisher.create();
    StepVerifier.create(store.store(sender.flux(), upload()))
        .then(() -> await(sender::wasSubscribed))
        .then(() -> sender.next(bytes("half")))
        .thenCancel()
        .verify(WAIT);
    await(() -> incoming().isEmpty());
    assertNothingLeft();
    sender.assertCancelled();
  }

  @Test
  void refusesWhenTheStoreIsFull_andTakesAgainAfterADelete() throws IOException {
    StoredClip first = block(Flux.just(ByteBuffer.allocate(900)), upload());
    block(Flux.just(ByteBuffer.allocate(900)), upload());
    assertThatThrownBy(() -> block(Flux.just(ByteBuffer.allocate(900)), upload()))
        .satisfies(refused("no_space"));
    assertThat(store.delete(first.id()).block(WAIT)).isTrue();
    assertThat(first.path()).doesNotExist();
    assertThat(store.delete(first.id()).block(WAIT)).isFalse();
    block(Flux.just(ByteBuffer.allocate(900)), upload());
  }

  @Test
  void leavesFreeSpaceToOthers() throws IOException {
    close();
    store =
        DiskClipStore.open(
            new ClipSettings(folder, false, 1000, 2000, Long.MAX_VALUE / 2, Duration.ofDays(1)),
            meters,
            Clock.systemUTC());
    assertThatThrownBy(() -> block(Flux.just(bytes("x")), upload())).satisfies(refused("no_space"));
    assertNothingLeft();
  }

  @Test
  void expiresByAgeThenByBytes_butNotWhatIsStillNeeded() {
    StoredClip needed = store("needed");
    StoredClip old = store("old");
    now.set(START.plus(Duration.ofHours(25)));
    StoredClip young = block(Flux.just(ByteBuffer.allocate(1000)), upload());
    StoredClip youngest = block(Flux.just(ByteBuffer.allocate(900)), upload());
    assertThat(store.expire(Set.of(needed.id())).block(WAIT)).containsExactly(old.id(), young.id());
    assertThat(store.list()).containsExactly(needed, youngest);
    assertThat(old.path()).doesNotExist();
    assertThat(needed.path()).exists();
  }

  @Test
  void knowsItsClipsAgain_andSweepsWhatWasUnfinished_afterARestart() throws IOException {
    StoredClip kept = store("kept");
    close();
    Path unfinished = Files.writeString(folder.resolve("incoming/spool-1.part"), "half");
    Path orphan = Files.writeString(folder.resolve("0".repeat(32) + ".media"), "no sidecar");
    Path damaged = Files.writeString(folder.resolve("1".repeat(32) + ".json"), "{");
    store = openStore();
    assertThat(store.list()).containsExactly(kept);
    assertThat(unfinished).doesNotExist();
    assertThat(orphan).doesNotExist();
    assertThat(damaged).as("kept for a person to look at").exists();
    assertThat(meters.get("densestream.clips.bytes").gauge().value()).isEqualTo(4);
  }

  @Test
  void keepsASecondStoreOut() {
    assertThatIllegalStateException().isThrownBy(this::openStore);
  }

  @Test
  void showsTheClipsOfAll_whenTheFolderIsShared() {
    store.close();
    try (ClipStore other = openStore(true)) {
      store = openStore(true);
      StoredClip clip = store("hello");
      assertThat(other.find(clip.id())).contains(clip);
      assertThat(other.list()).containsExactly(clip);
      assertThat(meters.get("densestream.clips.bytes").gauge().value()).isEqualTo(5);
      assertThat(other.delete(clip.id()).block(WAIT)).isTrue();
      assertThat(store.find(clip.id())).isEmpty();
      assertThat(store.list()).isEmpty();
      assertThat(meters.get("densestream.clips.bytes").gauge().value()).isZero();
      assertThat(other.find("../" + clip.id())).isEmpty();
    }
  }

  @Test
  void countsTheClipsOfAll_whenTheFolderIsShared() {
    store.close();
    try (ClipStore other = openStore(true)) {
      store = openStore(true);
      for (int n = 0; n < 2; n++) {
        assertThat(other.store(Flux.just(bytes("x".repeat(900))), upload()).block(WAIT))
            .isNotNull();
      }
      assertThatThrownBy(() -> store("y".repeat(300))).satisfies(refused("no_space"));
      store("y".repeat(100));
    }
  }

  @Test
  void leavesAloneWhatAnotherStoreIsReceiving_whenTheFolderIsShared() {
    store.close();
    now.set(Instant.now());
    store = openStore(true);
    Sinks.Many<ByteBuffer> body = Sinks.many().unicast().onBackpressureBuffer();
    CompletableFuture<@Nullable StoredClip> stored =
        store.store(body.asFlux(), upload()).toFuture();
    body.tryEmitNext(bytes("first ")).orThrow();
    await(() -> !incoming().isEmpty());
    openStore(true).close();
    body.tryEmitNext(bytes("second")).orThrow();
    body.tryEmitComplete().orThrow();
    assertThat(requireNonNull(stored.join()).path()).hasContent("first second");
  }

  @Test
  void sharesAFolderOnlyWithThoseWhoShareIt() {
    assertThatIllegalStateException().isThrownBy(() -> openStore(true));
    store.close();
    try (ClipStore sharing = openStore(true)) {
      assertThatIllegalStateException().isThrownBy(this::openStore).withMessageContaining("shared");
      assertThat(sharing.list()).isEmpty();
    }
    store = openStore(true);
  }

  private ClipStore openStore() {
    return openStore(false);
  }

  private ClipStore openStore(boolean shared) {
    meters.clear();
    return DiskClipStore.open(
        new ClipSettings(folder, shared, 1000, 2000, 0, Duration.ofHours(24)),
        meters,
        new Ticking());
  }

  private StoredClip store(String... parts) {
    return block(Flux.fromStream(Arrays.stream(parts).map(ClipStoreTest::bytes)), upload());
  }

  private StoredClip block(Flux<ByteBuffer> content, ClipUpload upload) {
    StoredClip clip = store.store(content, upload).block(WAIT);
    assertThat(clip).isNotNull();
    return clip;
  }

  private void assertNothingLeft() {
    assertThat(incoming()).isEmpty();
    assertThat(store.list()).isEmpty();
    assertThat(requireNonNull(folder.toFile().list())).containsOnly(".lock", "incoming");
    assertThat(meters.get("densestream.clips.bytes").gauge().value()).isZero();
  }

  private List<String> incoming() {
    return List.of(requireNonNull(folder.resolve("incoming").toFile().list()));
  }

  private static ClipUpload upload() {
    return new ClipUpload("clip.mp4", "video/mp4", OptionalLong.empty());
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  private static Consumer<Throwable> refused(String code) {
    return error ->
        assertThat(error)
            .isInstanceOfSatisfying(
                MediaRefusedException.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }

  private static void await(BooleanSupplier condition) {
    Awaiting.until(condition);
  }

  /** Every reading is later than the one before, so that age orders the clips. */
  private final class Ticking extends Clock {
    @Override
    public Instant instant() {
      return now.getAndUpdate(instant -> instant.plusMillis(1));
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
