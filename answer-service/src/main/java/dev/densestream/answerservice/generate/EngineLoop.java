package dev.densestream.answerservice.generate;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.generate.LanguageEngine.Parts;
import dev.densestream.answerservice.generate.LanguageMetrics.Outcome;
import dev.densestream.answerservice.prompt.ImagePrompt;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that runs the model. Each round gives every slot one turn; batching the decode
 * steps of a round into one call is where continuous batching goes.
 */
final class EngineLoop implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(EngineLoop.class);

  private final Parts parts;
  private final LanguageMetrics metrics;
  private final Sequence.Engine engine;
  private final Consumer<Request> onEnd;
  private final Queue<Request> arriving;
  private final List<Slot> slots = new ArrayList<>();
  private final AtomicInteger running = new AtomicInteger();
  private volatile boolean closed;
  private volatile @Nullable Thread thread;

  /** A place in a round. {@code sequence} is absent if the request failed before its first turn. */
  private record Slot(Request request, @Nullable Sequence sequence) {}

  EngineLoop(Parts parts, MeterRegistry registry, Consumer<Request> onEnd) {
    this.parts = parts;
    this.onEnd = onEnd;
    arriving = new ArrayBlockingQueue<>(parts.settings().slots() + parts.settings().waiting());
    metrics = new LanguageMetrics(registry, arriving::size, running::get);
    engine = new Sequence.Engine(parts.model(), parts.settings(), metrics);
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
    while (!closed) {
      seat();
      if (!round()) {
        LockSupport.park(this);
      }
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

  /** In order of arrival, but an asker without demand lets others pass. */
  private void seat() {
    for (Iterator<Request> line = arriving.iterator(); line.hasNext(); ) {
      Request request = line.next();
      if (request.isCancelled()) {
        line.remove();
        leave(new Slot(request, null), Outcome.CANCELLED);
      } else if (request.isWanted() && slots.size() < parts.settings().slots()) {
        line.remove();
        slots.add(new Slot(request, start(request)));
        running.set(slots.size());
      }
    }
  }

  /** Gives each slot its turn; false if none had anything to do. */
  private boolean round() {
    boolean worked = false;
    for (Iterator<Slot> places = slots.iterator(); places.hasNext(); ) {
      Slot slot = places.next();
      worked |= turn(slot);
      boolean cancelled = slot.request.isCancelled();
      if (cancelled || (slot.request.isEnded() && slot.request.isFlushed())) {
        places.remove();
        // What the answer held is free before its end is told.
        leave(slot, cancelled ? Outcome.CANCELLED : slot.request.outcome());
        slot.request.complete();
        worked = true;
      }
    }
    return worked;
  }

  private boolean turn(Slot slot) {
    Request request = slot.request;
    request.flush();
    if (slot.sequence == null
        || request.isEnded()
        || request.isCancelled()
        || !request.isWanted()) {
      return false;
    }
    try {
      slot.sequence.advance();
    } catch (RuntimeException e) {
      log.error("generating an answer failed", e);
      request.end(
          new AnswerEvent.Failed("model_failed", "The model failed on this question."),
          Outcome.FAILED);
    }
    return true;
  }

  private void leave(Slot slot, Outcome outcome) {
    if (slot.sequence != null) {
      slot.sequence.close();
    }
    metrics.ended(outcome);
    running.set(slots.size());
    onEnd.accept(slot.request);
  }

  /** Nothing if the prompt cannot be answered; the request then ends with the reason. */
  private @Nullable Sequence start(Request request) {
    try {
      PromptPlan plan = plan(request);
      int context = parts.model().config().contextLength();
      if (plan.used() >= context) {
        fail(request, "context_too_long", tooLong(plan, context));
        return null;
      }
      List<String> stops = new ArrayList<>(request.settings().stop());
      stops.add(parts.template().stopText());
      return new Sequence(request, engine, plan, parts.tokenizer().stream(), stops);
    } catch (IllegalArgumentException e) {
      fail(request, "invalid_conversation", String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static String tooLong(PromptPlan plan, int context) {
    return "The prompt has "
        + plan.used()
        + " tokens, "
        + plan.visual()
        + " of them visual, and the model has room for "
        + (context - 1)
        + "; ask about fewer frames or with fewer words.";
  }

  private PromptPlan plan(Request request) {
    int visual = request.context().visualTokens();
    String prompt = parts.template().prompt(request.turns(), visual > 0);
    ImagePrompt ids = ImagePrompt.of(parts.tokenizer(), prompt);
    PromptPlan plan = PromptPlan.of(ids.stretches(), visual, parts.settings().lengthLimit());
    if (plan.cut() > 0) {
      metrics.cut(plan.cut());
      log.warn(
          "prompt cut from {} to {} tokens, as tokenizer_model_max_length of the model's config.json asks for;"
              + " the end of the question is lost",
          plan.rows(),
          plan.used());
    }
    return plan;
  }

  private static void fail(Request request, String code, String detail) {
    request.end(new AnswerEvent.Failed(code, detail), Outcome.FAILED);
  }
}
