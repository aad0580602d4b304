package dev.densestream.answerservice.generate;

import dev.densestream.answerservice.language.KvPool;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Meters of the language engine. Every answer asked for ends in exactly one of the outcomes of
 * {@code densestream.language.answers}: asked = stop + length + failed + cancelled + rejected.
 */
final class LanguageMetrics {
  /** How an answer ended. */
  enum Outcome {
    STOP,
    LENGTH,
    FAILED,
    CANCELLED,
    REJECTED
  }

  private final MeterRegistry registry;
  private final Counter prefillTokens;
  private final Counter sharedTokens;
  private final Counter decodeTokens;
  private final Counter cutTokens;
  private final Counter evictions;
  private final DistributionSummary together;
  private final Timer prefill;
  private final Timer decode;
  private final Timer timeToFirstToken;

  LanguageMetrics(
      MeterRegistry registry, KvPool pool, Supplier<Number> waiting, Supplier<Number> running) {
    this.registry = registry;
    prefillTokens = registry.counter("densestream.language.prefill.tokens");
    sharedTokens = registry.counter("densestream.language.prefill.shared.tokens");
    decodeTokens = registry.counter("densestream.language.decode.tokens");
    cutTokens = registry.counter("densestream.language.cut.tokens");
    evictions = registry.counter("densestream.language.kv.evictions");
    together = registry.summary("densestream.language.decode.together");
    prefill = registry.timer("densestream.language.prefill");
    decode = registry.timer("densestream.language.decode");
    timeToFirstToken = registry.timer("densestream.language.ttft");
    // Built from suppliers, which the registry keeps; a gauge holds its object weakly otherwise.
    Gauge.builder("densestream.language.waiting", waiting).register(registry);
    Gauge.builder("densestream.language.running", running).register(registry);
    Gauge.builder("densestream.language.kv.rows", pool::taken).register(registry);
    Gauge.builder("densestream.language.kv.capacity", pool::places).register(registry);
  }

  void prefilled(int tokens, long nanos) {
    prefillTokens.increment(tokens);
    prefill.record(Duration.ofNanos(nanos));
  }

  void shared(int tokens) {
    sharedTokens.increment(tokens);
  }

  /** One step, a token for each of so many answers. */
  void decoded(int tokens, long nanos) {
    decodeTokens.increment(tokens);
    decode.record(Duration.ofNanos(nanos));
    together.record(tokens);
  }

  void evicted() {
    evictions.increment();
  }

  void cut(int tokens) {
    cutTokens.increment(tokens);
  }

  void firstToken(long nanos) {
    timeToFirstToken.record(Duration.ofNanos(nanos));
  }

  void ended(Outcome outcome) {
    String name = outcome.name().toLowerCase(Locale.ROOT);
    registry.counter("densestream.language.answers", "outcome", name).increment();
  }
}
