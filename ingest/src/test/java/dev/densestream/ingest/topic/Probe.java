package dev.densestream.ingest.topic;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SignalType;

/** A subscriber that demands only what the test demands, and keeps what it is given. */
final class Probe<T> extends BaseSubscriber<T> implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(20);

  private final List<T> items = new CopyOnWriteArrayList<>();
  private final Consumer<T> work;
  private volatile @Nullable Throwable failure;
  private volatile boolean ended;

  private Probe(Consumer<T> work) {
    this.work = work;
  }

  static <T> Probe<T> of(Flux<T> flux) {
    return working(flux, _ -> {});
  }

  /** Does {@code work} within each delivery, on the thread that delivers. */
  static <T> Probe<T> working(Flux<T> flux, Consumer<T> work) {
    var probe = new Probe<T>(work);
    flux.subscribe(probe);
    return probe;
  }

  List<T> items() {
    return List.copyOf(items);
  }

  Probe<T> demand(long n) {
    request(n);
    return this;
  }

  List<T> await(int count) {
    try {
      Await.until(LIMIT, () -> items.size() >= count || failure != null);
    } catch (AssertionError late) {
      throw new AssertionError("wanted " + count + ", have " + items, late);
    }
    if (items.size() < count) {
      throw new AssertionError("ended before " + count + " items: " + items, failure);
    }
    return items();
  }

  Throwable awaitFailure() {
    Await.until(LIMIT, () -> failure != null);
    var present = failure;
    if (present == null) {
      throw new AssertionError("no failure");
    }
    return present;
  }

  boolean ended() {
    return ended;
  }

  @Override
  public void close() {
    cancel();
  }

  @Override
  protected void hookOnSubscribe(Subscription subscription) {
    // demand is the test's to give
  }

  @Override
  protected void hookOnNext(T item) {
    items.add(item);
    work.accept(item);
  }

  @Override
  protected void hookOnError(Throwable cause) {
    failure = cause;
  }

  @Override
  protected void hookFinally(SignalType type) {
    ended = true;
  }
}
