package dev.densestream.answerservice.generate;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.generate.LanguageEngine.Parts;
import dev.densestream.answerservice.generate.LanguageMetrics.Outcome;
import dev.densestream.answerservice.language.KvPool;
import dev.densestream.answerservice.language.NextToken;
import dev.densestream.answerservice.language.StepLogits;
import dev.densestream.answerservice.language.Stretch;
import dev.densestream.visionpipeline.CallClock;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that runs the model. Each round gives every answer under way one token, all in one
 * step, and others a piece of what they need first; answers join and leave between rounds.
 */
final class EngineLoop implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(EngineLoop.class);

  private final Parts parts;
  private final KvPool pool;
  private final Set<PrefixContext> contexts;
  private final LanguageMetrics metrics;
  private final Starts starts;
  private final Consumer<Request> onEnd;
  private final Queue<Request> arriving;
  private final List<Slot> slots = new ArrayList<>();
  private final AtomicInteger running = new AtomicInteger();
  private final CallClock clock = new CallClock();
  private final Deque<Kind> turns = new ArrayDeque<>(List.of(Kind.values()));
  private @Nullable Slot standing;
  private volatile boolean closed;
  private volatile @Nullable Thread thread;

  /** A place in a round. {@code sequence} is absent if the request failed before its first turn. */
  private record Slot(Request request, @Nullable Sequence sequence) {}

  EngineLoop(
      Parts parts,
      KvPool pool,
      Set<PrefixContext> contexts,
      MeterRegistry registry,
      Consumer<Request> onEnd) {
    this.parts = parts;
    this.pool = pool;
    this.contexts = contexts;
    this.onEnd = onEnd;
    arriving = new ArrayBlockingQueue<>(parts.settings().slots() + parts.settings().waiting());
    metrics = new LanguageMetrics(registry, pool, arriving::size, running::get);
    starts = new Starts(parts, new Sequence.Engine(parts.model(), pool, parts.settings(), metrics));
  }

  LanguageMetrics metrics() {
    return metrics;
  }

  /** Never blocks: whoever submits holds an admission, and there is a place for each. */
  void submit(Request request) {
    arriving.add(request);
    if (closed) {
      abandonArrivals();
    }
    wake();
  }

  Duration computing() {
    return clock.elapsed();
  }

  void wake() {
    LockSupport.unpark(thread);
  }

  void close() {
    closed = true;
    wake();
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    clock.begin(); // goes on for ever if this thread hangs, or dies
    parts.model().begin();
    clock.end();
    while (!closed) {
      clock.begin();
      boolean left = dismiss(); // before others are seated: they may have waited for it
      seat();
      boolean worked = round();
      clock.end();
      if (!worked && !left) {
        LockSupport.park(this);
      }
    }
    if (standing != null) {
      slots.add(standing);
    }
    for (Slot slot : slots) {
      slot.request.abandon();
      leave(slot, Outcome.FAILED);
    }
    abandonArrivals();
  }

  private void abandonArrivals() {
    for (Request request = arriving.poll(); request != null; request = arriving.poll()) {
      request.abandon();
      metrics.ended(Outcome.FAILED);
      onEnd.accept(request);
    }
  }

  /** In order of arrival, but an asker without demand lets others pass; who needs room does not. */
  private void seat() {
    letGoWhoLeft();
    Slot first = standing;
    standing = null;
    if (first != null) {
      place(first);
    }
    for (Iterator<Request> line = arriving.iterator(); line.hasNext() && standing == null; ) {
      Request request = line.next();
      if (request.isWanted() && slots.size() < parts.settings().slots()) {
        line.remove();
        place(new Slot(request, starts.start(request)));
      }
    }
  }

  /** Also of those behind one who finds no room: what they hold may be the room. */
  private void letGoWhoLeft() {
    if (standing != null && standing.request.isCancelled()) {
      leave(standing, Outcome.CANCELLED);
      standing = null;
    }
    for (Iterator<Request> line = arriving.iterator(); line.hasNext(); ) {
      Request request = line.next();
      if (request.isCancelled()) {
        line.remove();
        leave(new Slot(request, null), Outcome.CANCELLED);
      }
    }
  }

  /** Onto a slot, if there is room for its keys and values; or to the head of the line. */
  private void place(Slot slot) {
    if (slot.sequence != null && !seated(slot, slot.sequence)) {
      standing = slot;
      return;
    }
    slots.add(slot);
    running.set(slots.size());
    if (!slot.request.isEnded()) {
      slot.request.emit(new AnswerEvent.Begun());
    }
  }

  /** Whether it has its room, or has failed and needs none. */
  private boolean seated(Slot slot, Sequence sequence) {
    try {
      return reserved(sequence);
    } catch (RuntimeException e) {
      failed(List.of(slot), e);
      return true;
    }
  }

  private boolean reserved(Sequence sequence) {
    boolean reserved = sequence.reserve();
    while (!reserved && evictOne()) {
      reserved = sequence.reserve();
    }
    return reserved;
  }

  /** A prefix that nobody reads now; rather one that no question waits for. */
  private boolean evictOne() {
    boolean evicted =
        contexts.stream().anyMatch(context -> context.evict(false))
            || contexts.stream().anyMatch(context -> context.evict(true));
    if (evicted) {
      metrics.evicted();
    }
    return evicted;
  }

  /**
   * One token for each answer under way, and before it what others need until they are answers: one
   * call of the model for them where answers are to keep their pace, else one of each kind. False
   * if there was nothing to do.
   */
  private boolean round() {
    slots.forEach(slot -> slot.request.flush());
    List<Slot> answering = active(Sequence::isAnswering);
    int rows = parts.settings().prefillRows();
    boolean worked = answering.isEmpty() ? prepareAll(rows) : prepareOne(piece(rows));
    if (!answering.isEmpty()) {
      step(with(answering, rows), rows);
      worked = true;
    }
    return dismiss() || worked;
  }

  /** Rows of one call beside answers, which are to keep their pace. */
  private int piece(int rows) {
    return parts.model().mixes() ? rows : Math.max(1, rows / 4);
  }

  /** And short prompts, where these are run in the same step at the price of their rows. */
  private List<Slot> with(List<Slot> answering, int rows) {
    if (!parts.model().mixes()) {
      return answering;
    }
    List<Slot> prompts = active(sequence -> Kind.SHORT_PROMPTS.concerns(sequence, rows));
    return Stream.concat(answering.stream(), prompts.stream()).toList();
  }

  private boolean prepareAll(int rows) {
    boolean worked = false;
    for (Kind kind : Kind.values()) {
      worked |= prepare(kind, rows);
    }
    return worked;
  }

  /** In turns, so that none is starved by another. */
  private boolean prepareOne(int rows) {
    for (int tries = turns.size(); tries > 0; tries--) {
      Kind kind = turns.remove();
      turns.add(kind);
      boolean later = kind == Kind.SHORT_PROMPTS && parts.model().mixes(); // with the answers
      if (!later && prepare(kind, rows)) {
        return true;
      }
    }
    return false;
  }

  /** Whether any of the kind had something to do. */
  private boolean prepare(Kind kind, int rows) {
    List<Slot> waiting = active(sequence -> kind.concerns(sequence, rows));
    if (waiting.isEmpty()) {
      return false;
    }
    switch (kind) {
      case SHORT_PROMPTS, CHOICES ->
          step(Kind.fitting(waiting, slot -> next(slot, rows), rows), rows);
      case LONG_PROMPT -> step(List.of(waiting.getFirst()), rows);
      case PREFIX -> fill(waiting.getFirst(), rows);
    }
    return true;
  }

  /** Those that want a turn and are in this state. */
  private List<Slot> active(Predicate<Sequence> state) {
    return slots.stream()
        .filter(slot -> slot.sequence != null && state.test(slot.sequence))
        .filter(slot -> !slot.request.isEnded() && !slot.request.isCancelled())
        .filter(slot -> slot.request.isWanted())
        .toList();
  }

  private static Sequence sequence(Slot slot) {
    return requireNonNull(slot.sequence, "an active slot has a sequence");
  }

  private static List<Stretch> next(Slot slot, int rows) {
    return sequence(slot).next(rows);
  }

  /** One call of the model. */
  private void step(List<Slot> together, int rows) {
    try {
      long start = System.nanoTime();
      long answering = together.stream().filter(slot -> sequence(slot).isAnswering()).count();
      List<List<Stretch>> each = together.stream().map(slot -> next(slot, rows)).toList();
      List<Stretch> stretches = each.stream().flatMap(List::stream).toList();
      try (StepLogits logits = parts.model().step(stretches, pool)) {
        measured(stretches, answering, System.nanoTime() - start);
        int at = 0;
        for (int i = 0; i < together.size(); i++) {
          int end = at + each.get(i).size();
          accept(together.get(i), each.get(i), logits.next().subList(at, end));
          at = end;
        }
      }
    } catch (RuntimeException e) {
      failed(together, e);
    }
  }

  /**
   * By the shares of their rows where there are both.
   *
   * @param answering the first so many
   */
  private void measured(List<Stretch> stretches, long answering, long nanos) {
    int rows = stretches.stream().mapToInt(each -> each.ids().size()).sum();
    long share = nanos * answering / rows;
    if (answering > 0) {
      metrics.decoded(Math.toIntExact(answering), share);
    }
    if (answering < rows) {
      metrics.prefilled(Math.toIntExact(rows - answering), nanos - share);
    }
  }

  /** What goes wrong here is this answer's alone. */
  private static void accept(Slot slot, List<Stretch> stretches, List<NextToken> said) {
    try {
      sequence(slot).ran(stretches.getFirst().ids().size(), said);
    } catch (RuntimeException e) {
      failed(List.of(slot), e);
    }
  }

  private void fill(Slot slot, int rows) {
    try {
      sequence(slot).fillPrefix(rows);
    } catch (RuntimeException e) {
      failed(List.of(slot), e);
    }
  }

  private static void failed(List<Slot> together, RuntimeException cause) {
    if (!(cause instanceof FormatImpossibleException)) {
      log.error("generating {} answers failed", together.size(), cause);
    }
    AnswerFailure failure = AnswerFailure.of(cause);
    for (Slot slot : together) {
      if (!slot.request.isEnded()) {
        slot.request.fail(failure.code(), failure.sentence());
      }
    }
  }

  /** Lets go who has ended or left; whether there was anybody. */
  private boolean dismiss() {
    List<Slot> leaving =
        slots.stream()
            .filter(
                slot ->
                    slot.request.isCancelled()
                        || (slot.request.isEnded() && slot.request.isFlushed()))
            .toList();
    slots.removeAll(leaving);
    for (Slot slot : leaving) {
      // What the answer held is free before its end is told.
      boolean cancelled = slot.request.isCancelled();
      leave(slot, cancelled ? Outcome.CANCELLED : slot.request.outcome());
      slot.request.complete();
    }
    return !leaving.isEmpty();
  }

  private void leave(Slot slot, Outcome outcome) {
    if (slot.sequence != null) {
      slot.sequence.close();
    }
    metrics.ended(outcome);
    running.set(slots.size());
    onEnd.accept(slot.request);
  }
}
