package dev.densestream.answerservice.live;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.Answer;
import dev.densestream.ingest.SegmentConsumer;
import dev.densestream.ingest.Settlement;
import dev.densestream.ingest.SettlementOutcome;
import dev.densestream.ingest.TopicRecord;
import dev.densestream.ingest.TopicSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * From the poll to the transaction in one chain. Order is kept all the way, so a stream's windows
 * are settled in order; demand runs back from the transaction to the poll, so what is in memory is
 * bounded by the numbers written here.
 */
final class LivePipeline {
  static final Duration TICK = Duration.ofMillis(500);

  private final SegmentConsumer consumer;
  private final SegmentStage stage;
  private final StreamWindows windows;
  private final WindowAnswers answers;
  private final LiveMetrics metrics;
  private final Width width;
  private final UnderWay underWay = new UnderWay();

  /**
   * @param decodeAhead segments decoded and encoded at the same time
   * @param answerAhead works answered at the same time
   */
  record Width(int decodeAhead, int answerAhead, TopicSettings topics) {}

  LivePipeline(
      SegmentConsumer consumer,
      SegmentStage stage,
      StreamWindows windows,
      WindowAnswers answers,
      LiveMetrics metrics,
      Width width) {
    this.consumer = requireNonNull(consumer, "consumer is null");
    this.stage = requireNonNull(stage, "stage is null");
    this.windows = requireNonNull(windows, "windows is null");
    this.answers = requireNonNull(answers, "answers is null");
    this.metrics = requireNonNull(metrics, "metrics is null");
    this.width = requireNonNull(width, "width is null");
  }

  /** Runs until cancelled, or until the consumer fails; then it is to be run anew. */
  Flux<SettlementOutcome> run() {
    Flux<Signal> segments =
        consumer
            .segments()
            .doOnSubscribe(_ -> restarted())
            .flatMapSequential(stage::take, width.decodeAhead, 1)
            .map(Signal.Taken::new);
    Flux<Signal> time = Flux.interval(TICK).onBackpressureDrop().map(_ -> new Signal.Tick());
    return Flux.merge(Flux.just(segments, time), 2, 1)
        .concatMap(this::step, 1)
        .filter(work -> !work.isEmpty() && underWay.begin())
        .flatMapSequential(this::settlement, width.answerAhead, 1)
        .concatMap(this::settle, 1)
        .doOnNext(_ -> underWay.end());
  }

  /**
   * Lets no further work begin, and completes when what has begun is settled. The consumer is not
   * cancelled by it: settling needs its membership.
   */
  Mono<Void> finish() {
    return underWay.finish();
  }

  /** What moves the windows. */
  private sealed interface Signal {
    record Taken(TakenRecord record) implements Signal {}

    record Tick() implements Signal {}
  }

  /** One signal after the other, so that works come in the order in which the windows changed. */
  private Flux<Work> step(Signal signal) {
    return switch (signal) {
      case Signal.Taken(TakenRecord taken) ->
          windows.ready(taken.position()).thenMany(Mono.fromSupplier(() -> windows.accept(taken)));
      case Signal.Tick() -> Flux.fromIterable(windows.tick());
    };
  }

  private void restarted() {
    underWay.restart();
    metrics.restarted();
  }

  /** A settlement, and the work and the answers in it. */
  private record Ready(Settlement settlement, Work work, List<Answer> answers) {}

  private Mono<Ready> settlement(Work work) {
    if (work.stream() == null) {
      return Mono.just(ready(work, List.of()));
    }
    return answers.answer(work.stream(), work.windows()).map(list -> ready(work, list));
  }

  private Ready ready(Work work, List<Answer> terminal) {
    TopicSettings topics = width.topics;
    List<TopicRecord> records = new ArrayList<>();
    terminal.forEach(answer -> records.add(answer.toRecord(topics.answers())));
    work.letters().forEach(letter -> records.add(letter.toRecord(topics.deadLetters())));
    if (work.progress() != null) {
      records.add(work.progress().toRecord(topics.progress()));
    }
    return new Ready(new Settlement(records, work.done(), List.of(work.basis())), work, terminal);
  }

  private Mono<SettlementOutcome> settle(Ready ready) {
    return consumer.settle(ready.settlement).doOnNext(outcome -> account(outcome, ready));
  }

  private void account(SettlementOutcome outcome, Ready ready) {
    switch (outcome) {
      case SettlementOutcome.Committed() -> {
        metrics.settled(true);
        windows.settled(ready.work);
        ready.answers.forEach(metrics::published);
        ready.work.letters().forEach(metrics::deadLetter);
      }
      case SettlementOutcome.Stale(var position) -> {
        metrics.settled(false);
        windows.forget(position);
      }
    }
  }
}
