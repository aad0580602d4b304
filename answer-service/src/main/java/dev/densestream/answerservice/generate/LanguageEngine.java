package dev.densestream.answerservice.generate;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.AnswerEngine;
import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.VisualContext;
import dev.densestream.answerservice.generate.LanguageMetrics.Outcome;
import dev.densestream.answerservice.language.KvPool;
import dev.densestream.answerservice.language.LanguageModel;
import dev.densestream.answerservice.prompt.ConversationTemplate;
import dev.densestream.answerservice.tokenizer.Tokenizer;
import dev.densestream.visionpipeline.VisualTokens;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/**
 * Answers questions with one language model, which it owns together with the tokenizer.
 *
 * <p>At most {@code slots + waiting} answers are under way; the next one is {@link
 * AnswerEvent.Rejected}. An asker without demand keeps its slot and costs no computing.
 */
public final class LanguageEngine implements AnswerEngine {
  private final Parts parts;
  private final Formats formats;
  private final Semaphore admissions;
  private final KvPool pool;
  private final Set<PrefixContext> contexts = ConcurrentHashMap.newKeySet();
  private final LanguageMetrics metrics;
  private final EngineLoop loop;
  private final Thread thread;

  /** What an engine is made of. */
  public record Parts(
      LanguageModel model,
      Tokenizer tokenizer,
      ConversationTemplate template,
      EngineSettings settings) {
    public Parts {
      requireNonNull(model, "model is null");
      requireNonNull(tokenizer, "tokenizer is null");
      requireNonNull(template, "template is null");
      requireNonNull(settings, "settings is null");
    }
  }

  private LanguageEngine(Parts parts, MeterRegistry registry) {
    this.parts = parts;
    int capacity = parts.settings.slots() + parts.settings.waiting();
    admissions = new Semaphore(capacity);
    formats = new Formats(parts.tokenizer, parts.template, parts.settings.stopIds());
    pool = parts.model.newPool(parts.settings.places());
    loop = new EngineLoop(parts, pool, contexts, registry, this::ended);
    metrics = loop.metrics();
    thread = Thread.ofPlatform().name("language-engine").daemon().unstarted(loop);
  }

  /** Starts the engine's thread. */
  public static LanguageEngine start(Parts parts, MeterRegistry registry) {
    LanguageEngine engine = new LanguageEngine(parts, registry);
    engine.thread.start();
    return engine;
  }

  @Override
  public VisualContext context(List<VisualTokens> frames) {
    int width = parts.model.config().shape().width();
    for (VisualTokens frame : frames) {
      if (frame.channels() != width) {
        throw new IllegalArgumentException(
            "visual tokens must have " + width + " channels: have " + frame.channels());
      }
    }
    PrefixContext context = new PrefixContext(frames, this::ended);
    contexts.add(context);
    return context;
  }

  @Override
  public Flux<AnswerEvent> answer(
      VisualContext context, List<Turn> turns, GenerationSettings settings) {
    PrefixContext prefix = (PrefixContext) context;
    List<Turn> asked = List.copyOf(turns);
    return Flux.defer(() -> admit(prefix, asked, settings, formats.ready(settings.format())));
  }

  private Flux<AnswerEvent> admit(
      PrefixContext context, List<Turn> turns, GenerationSettings settings, Formats.Ready format) {
    if (!admissions.tryAcquire()) {
      metrics.ended(Outcome.REJECTED);
      return Flux.just(
          new AnswerEvent.Rejected("Too many answers are under way; ask again in a moment."));
    }
    if (!context.acquire()) {
      admissions.release();
      metrics.ended(Outcome.FAILED);
      return Flux.just(
          new AnswerEvent.Failed("context_closed", "The pictures asked about were released."));
    }
    // Nothing is emitted without demand, so nothing ever overflows.
    return Flux.create(
        sink -> submit(new Request(context, turns, settings, format, sink), sink),
        FluxSink.OverflowStrategy.ERROR);
  }

  private void submit(Request request, FluxSink<AnswerEvent> sink) {
    sink.onRequest(_ -> loop.wake());
    sink.onCancel(loop::wake);
    loop.submit(request);
  }

  /** Its places may be what somebody waits for. */
  private void ended(PrefixContext context) {
    contexts.remove(context);
    loop.wake();
  }

  private void ended(Request request) {
    request.context().release();
    admissions.release();
  }

  @Override
  public Duration computing() {
    return loop.computing();
  }

  /** Ends what is under way with a failure, waits for the thread and frees the model. */
  @Override
  public void close() {
    loop.close();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    pool.close();
    parts.model.close();
    parts.tokenizer.close();
  }
}
