package dev.densestream.visionpipeline.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.framesampler.Frame;
import dev.densestream.visionpipeline.EncoderOverloadedException;
import dev.densestream.visionpipeline.VisualTokens;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The joining alone, with an encoder that a test can hold up. */
class MicroBatchEncoderTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Gate gate = new Gate();
  private final List<Disposable> subscriptions = new ArrayList<>();

  /** Encodes a batch when the test lets it: a frame's token is its PTS. */
  private static final class Gate implements BatchEncoder {
    final List<List<Long>> batches = new ArrayList<>();
    final Semaphore started = new Semaphore(0);
    final Semaphore allowed = new Semaphore(0);
    final CountDownLatch closed = new CountDownLatch(1);
    volatile boolean failing;
    volatile boolean dying;

    @Override
    public List<VisualTokens> encode(List<ViewedFrame> viewed) {
      List<Frame> frames = viewed.stream().map(ViewedFrame::frame).toList();
      batches.add(frames.stream().map(Frame::ptsMicros).toList());
      started.release();
      allowed.acquireUninterruptibly();
      if (failing) {
        throw new IllegalStateException("no luck");
      }
      if (dying) {
        throw new StackOverflowError("too deep");
      }
      return frames.stream()
          .map(f -> new VisualTokens(f.ptsMicros(), 1, 1, new float[] {f.ptsMicros()}))
          .toList();
    }

    void awaitStarted() throws InterruptedException {
      assertThat(started.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public int tokensPerFrame() {
      return 1;
    }

    @Override
    public int leastStillTokens() {
      return 1;
    }

    @Override
    public int channels() {
      return 1;
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  @AfterEach
  void release() {
    gate.allowed.release(1000);
    subscriptions.forEach(Disposable::dispose);
  }

  private MicroBatchEncoder start(int frames, long queueBytes) {
    return MicroBatchEncoder.start(
        gate, new BatchLimits(frames, Duration.ZERO, queueBytes), registry);
  }

  private static Frame frame(long pts) {
    return new Frame(pts, 10, 10, new byte[300]);
  }

  @Test
  void joinsWhatWaits_inOrderOfSubscription() throws InterruptedException {
    List<Long> results = new ArrayList<>();
    CountDownLatch done = new CountDownLatch(6);
    try (MicroBatchEncoder encoder = start(3, 1 << 20)) {
      for (long pts = 0; pts < 6; pts++) {
        subscriptions.add(
            encoder
                .encode(frame(pts))
                .subscribe(
                    tokens -> {
                      results.add(tokens.ptsMicros());
                      done.countDown();
                    }));
        if (pts == 0) {
          gate.awaitStarted(); // the first is alone, the others wait for it
        }
      }
      gate.allowed.release(3);
      assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(results).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    assertThat(gate.batches).containsExactly(List.of(0L), List.of(1L, 2L, 3L), List.of(4L, 5L));
    assertThat(
            registry.get("densestream.encode.frames").tag("outcome", "encoded").counter().count())
        .isEqualTo(6);
    assertThat(registry.get("densestream.encode.batch").summary().count()).isEqualTo(3);
  }

  @Test
  void dropsACancelledFrameBeforeEncoding() throws InterruptedException {
    try (MicroBatchEncoder encoder = start(4, 1 << 20)) {
      subscriptions.add(encoder.encode(frame(0)).subscribe(_ -> {}, _ -> {}));
      gate.awaitStarted();
      Disposable unwanted = encoder.encode(frame(1)).subscribe(_ -> {}, _ -> {});
      assertThat(registry.get("densestream.encode.queue.bytes").gauge().value()).isEqualTo(300);
      unwanted.dispose();
      assertThat(registry.get("densestream.encode.queue.bytes").gauge().value()).isZero();
      gate.allowed.release(2);
      StepVerifier.create(encoder.encode(frame(2)))
          .expectNextMatches(tokens -> tokens.ptsMicros() == 2)
          .expectComplete()
          .verify(PATIENCE);
    }
    assertThat(gate.batches).containsExactly(List.of(0L), List.of(2L));
    assertThat(
            registry.get("densestream.encode.frames").tag("outcome", "cancelled").counter().count())
        .isEqualTo(1);
  }

  @Test
  void failsAFrame_whenTheQueueIsFull() throws InterruptedException {
    try (MicroBatchEncoder encoder = start(4, 600)) {
      subscriptions.add(encoder.encode(frame(0)).subscribe(_ -> {}, _ -> {}));
      gate.awaitStarted();
      subscriptions.add(encoder.encode(frame(1)).subscribe(_ -> {}, _ -> {}));
      subscriptions.add(encoder.encode(frame(2)).subscribe(_ -> {}, _ -> {}));
      StepVerifier.create(encoder.encode(frame(3)))
          .expectError(EncoderOverloadedException.class)
          .verify(PATIENCE);
      gate.allowed.release(2);
    }
  }

  @Test
  void failsOneBatch_andGoesOn() throws InterruptedException {
    try (MicroBatchEncoder encoder = start(4, 1 << 20)) {
      gate.failing = true;
      gate.allowed.release();
      StepVerifier.create(encoder.encode(frame(0))).expectErrorMessage("no luck").verify(PATIENCE);
      gate.failing = false;
      gate.allowed.release();
      StepVerifier.create(encoder.encode(frame(1)))
          .expectNextCount(1)
          .expectComplete()
          .verify(PATIENCE);
      assertThat(encoder.computing()).as("the one that goes on").isZero();
    }
  }

  @Test
  void tellsForHowLongTheEncoderHasNotReturned() throws InterruptedException {
    try (MicroBatchEncoder encoder = start(4, 1 << 20)) {
      assertThat(encoder.computing()).isZero();
      Mono<VisualTokens> encoded = encoder.encode(frame(0)).cache();
      subscriptions.add(encoded.subscribe(_ -> {}, _ -> {}));
      gate.awaitStarted();
      Duration computing = encoder.computing();
      assertThat(computing).isPositive();
      assertThat(encoder.computing()).isGreaterThan(computing);
      gate.failing = true;
      gate.allowed.release();
      StepVerifier.create(encoded).expectErrorMessage("no luck").verify(PATIENCE);
      assertThat(encoder.computing()).as("an encoder that fails has returned").isZero();
    }
  }

  /** As a process that hangs: it is to be started again, and until then it says nothing. */
  @Test
  void neverSaysThatItIsDone_whenAnErrorEndsIt() throws InterruptedException {
    try (MicroBatchEncoder encoder = start(4, 1 << 20)) {
      gate.dying = true;
      StepVerifier first =
          StepVerifier.create(encoder.encode(frame(0)))
              .expectError(StackOverflowError.class)
              .verifyLater();
      gate.awaitStarted();
      gate.allowed.release();
      first.verify(PATIENCE);
      assertRunsOn(encoder);

      gate.allowed.release();
      StepVerifier later =
          StepVerifier.create(encoder.encode(frame(1)))
              .expectSubscription()
              .then(encoder::close)
              .expectErrorMessage("vision encoder is closed");
      later.verify(PATIENCE);
    }
    assertThat(gate.batches).containsExactly(List.of(0L));
  }

  @Test
  void failsTheRestOfTheBatch_whenATakerEndsItWithAnError() throws InterruptedException {
    try (MicroBatchEncoder encoder = start(4, 1 << 20)) {
      subscriptions.add(encoder.encode(frame(0)).subscribe(_ -> {}, _ -> {}));
      gate.awaitStarted(); // the next two are one batch
      CoreSubscriber<VisualTokens> taker = new TooDeep();
      encoder.encode(frame(1)).subscribe(taker);
      StepVerifier second =
          StepVerifier.create(encoder.encode(frame(2)))
              .expectError(StackOverflowError.class)
              .verifyLater();
      gate.allowed.release(2);
      second.verify(PATIENCE);
      assertRunsOn(encoder);
    }
  }

  private static void assertRunsOn(MicroBatchEncoder encoder) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (encoder.computing().isZero()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
      Thread.onSpinWait();
    }
    Duration computing = encoder.computing();
    assertThat(encoder.computing()).isGreaterThan(computing);
  }

  /** Whatever it is given, it fails on it. */
  private static final class TooDeep implements CoreSubscriber<VisualTokens> {
    @Override
    public void onSubscribe(Subscription subscription) {
      subscription.request(1);
    }

    @Override
    public void onNext(VisualTokens tokens) {
      throw new StackOverflowError("too deep");
    }

    @Override
    public void onError(Throwable cause) {
      throw new StackOverflowError("too deep");
    }

    @Override
    public void onComplete() {}
  }

  @Test
  void waitsForOthers_butNotLongerThanAllowed() {
    gate.allowed.release(10);
    BatchLimits limits = new BatchLimits(3, Duration.ofSeconds(30), 1 << 20);
    try (MicroBatchEncoder encoder = MicroBatchEncoder.start(gate, limits, registry)) {
      // Three come one after the other; the batch is full long before the wait is over.
      StepVerifier.create(
              Flux.range(0, 3).flatMapSequential(pts -> encoder.encode(frame(pts)), 3, 1))
          .expectNextCount(3)
          .expectComplete()
          .verify(PATIENCE);
    }
    assertThat(gate.batches).containsExactly(List.of(0L, 1L, 2L));
    limits = new BatchLimits(3, Duration.ofMillis(5), 1 << 20);
    try (MicroBatchEncoder encoder =
        MicroBatchEncoder.start(gate, limits, new SimpleMeterRegistry())) {
      StepVerifier.create(encoder.encode(frame(9)))
          .expectNextCount(1)
          .expectComplete()
          .verify(PATIENCE);
    }
  }

  @Test
  void failsWhatWaits_whenItCloses() throws InterruptedException {
    MicroBatchEncoder encoder = start(1, 1 << 20);
    subscriptions.add(encoder.encode(frame(0)).subscribe(_ -> {}, _ -> {}));
    gate.awaitStarted();
    StepVerifier waiting =
        StepVerifier.create(encoder.encode(frame(1)))
            .expectErrorMessage("vision encoder is closed")
            .verifyLater();
    Thread closing = Thread.ofPlatform().start(encoder::close);
    waiting.verify(PATIENCE);
    assertThat(gate.closed.getCount()).isOne(); // the batch in hand is still being encoded
    gate.allowed.release();
    closing.join(PATIENCE);
    assertThat(gate.closed.getCount()).isZero();
    StepVerifier.create(encoder.encode(frame(2)))
        .expectErrorMessage("vision encoder is closed")
        .verify(PATIENCE);
  }
}
