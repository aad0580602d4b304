package dev.densestream.ingest.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

class DemandQueueTest {
  private final Seen seen = new Seen();
  private final DemandQueue<String> queue =
      new DemandQueue<>(seen, Thread.ofVirtual().factory(), String::length, 10, seen);

  @Test
  void wantsNothing_withoutDemand() {
    assertThat(queue.wantsMore()).isFalse();
    queue.request(2);
    assertThat(queue.wantsMore()).isTrue();
    queue.cancel();
  }

  @Test
  void countsWhatWaitsAgainstDemand() throws Exception {
    seen.blockAt("a");
    queue.request(3);
    queue.offer("a");
    seen.awaitItems(1); // delivered, and still at work there
    queue.offer("b");
    assertThat(queue.wantsMore()).isTrue();
    queue.offer("c");
    assertThat(queue.wantsMore()).isFalse();
    seen.unblock();
    seen.awaitItems(3);
    assertThat(seen.items).containsExactly("a", "b", "c");
    queue.cancel();
  }

  @Test
  void wantsNoMore_whenItsBytesAreFull_howeverGreatTheDemand() throws Exception {
    seen.blockAt("a");
    queue.request(Long.MAX_VALUE);
    queue.offer("a");
    seen.awaitItems(1);
    queue.offer("12345");
    assertThat(queue.wantsMore()).isTrue();
    queue.offer("67890");
    assertThat(queue.bytes()).isEqualTo(10);
    assertThat(queue.wantsMore()).isFalse();
    seen.unblock();
    seen.awaitItems(3);
    queue.cancel();
  }

  @Test
  void deliversNoMoreThanDemanded() throws Exception {
    List.of("a", "b", "c").forEach(queue::offer);
    queue.request(2);
    seen.awaitItems(2);
    assertThat(queue.count()).isEqualTo(1);
    queue.request(1);
    seen.awaitItems(3);
    queue.cancel();
  }

  @Test
  void takesOutWhatIsUnwanted() throws Exception {
    List.of("a", "bb", "a").forEach(queue::offer);
    assertThat(queue.remove("a"::equals)).isEqualTo(2);
    assertThat(queue.bytes()).isEqualTo(2);
    queue.request(9);
    seen.awaitItems(1);
    assertThat(seen.items).containsExactly("bb");
    queue.cancel();
  }

  @Test
  void endsAtOnceOnFailure_withoutWhatStillWaits() throws Exception {
    queue.offer("late");
    queue.fail(new IllegalStateException("broken"));
    seen.awaitEnd();
    queue.request(5);
    assertThat(seen.items).isEmpty();
    assertThat(seen.failures).singleElement().isInstanceOf(IllegalStateException.class);
  }

  @Test
  void failsOnce_whenCompletedAfterwards() throws Exception {
    queue.fail(new IllegalStateException("broken"));
    queue.complete();
    seen.awaitEnd();
    assertThat(seen.failures).hasSize(1);
    assertThat(seen.completions).isZero();
  }

  @Test
  void wakesTheLoop_whenDemandArrives_andStopsItOnCancel() {
    queue.request(1);
    assertThat(seen.wakes).isPositive();
    queue.cancel();
    assertThat(seen.stops).isEqualTo(1);
  }

  /** Subscriber and loop in one, noting what reaches it. */
  private static final class Seen implements CoreSubscriber<String>, DemandQueue.Loop {
    private static final long WAIT_SECONDS = 10;
    final List<String> items = Collections.synchronizedList(new ArrayList<>());
    final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    volatile int completions;
    volatile int wakes;
    volatile int stops;
    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);
    private volatile String blocking = "";

    void blockAt(String item) {
      blocking = item;
    }

    void unblock() {
      gate.countDown();
    }

    void awaitItems(int count) {
      Await.until(Duration.ofSeconds(WAIT_SECONDS), () -> items.size() >= count);
    }

    void awaitEnd() throws InterruptedException {
      assertThat(end.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      throw new UnsupportedOperationException("the test demands by itself");
    }

    @Override
    public void onNext(String item) {
      items.add(item);
      if (item.equals(blocking)) {
        try {
          assertThat(gate.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
        }
      }
    }

    @Override
    public void onError(Throwable failure) {
      failures.add(failure);
      end.countDown();
    }

    @Override
    public synchronized void onComplete() {
      completions++;
      end.countDown();
    }

    @Override
    public synchronized void wake() {
      wakes++;
    }

    @Override
    public synchronized void stop() {
      stops++;
    }
  }
}
