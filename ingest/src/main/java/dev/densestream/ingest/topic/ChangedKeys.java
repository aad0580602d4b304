package dev.densestream.ingest.topic;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.FluxSink;

/**
 * The changed keys one subscriber has not been told of yet: each at most once, so never more than
 * the table has keys. A key told before its last change is told again after it.
 */
final class ChangedKeys {
  private final FluxSink<String> sink;
  private final Set<String> untold = new LinkedHashSet<>();
  private final AtomicInteger telling = new AtomicInteger();

  ChangedKeys(FluxSink<String> sink) {
    this.sink = sink;
    sink.onRequest(_ -> tell());
  }

  void changed(String key) {
    synchronized (untold) {
      untold.add(key);
    }
    tell();
  }

  private void tell() {
    if (telling.getAndIncrement() != 0) {
      return;
    }
    int missed = 1;
    do {
      String key;
      while (sink.requestedFromDownstream() > 0 && (key = next()) != null) {
        sink.next(key);
      }
      missed = telling.addAndGet(-missed);
    } while (missed != 0);
  }

  private @Nullable String next() {
    synchronized (untold) {
      var all = untold.iterator();
      if (!all.hasNext()) {
        return null;
      }
      var key = all.next();
      all.remove();
      return key;
    }
  }
}
