package dev.densestream.answerservice.generate;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerEvent.FinishReason;
import dev.densestream.answerservice.AnswerEvent.Usage;
import dev.densestream.answerservice.generate.LanguageMetrics.Outcome;
import dev.densestream.answerservice.language.KvCache;
import dev.densestream.answerservice.language.LanguageModel;
import dev.densestream.answerservice.tokenizer.TextStream;
import dev.densestream.visionpipeline.Tensor;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One answer under way, advanced by the engine's thread one turn at a time: a turn is one piece of
 * prefill or one token.
 */
final class Sequence implements AutoCloseable {
  private final Request request;
  private final Engine engine;
  private final PromptPlan plan;
  private final int maxNewTokens;
  private final TokenSampler sampler;
  private final TextStream stream;
  private final AnswerText text;
  private final boolean sharing;
  private int filledPrefix;
  private @Nullable Tensor rows;
  private @Nullable KvCache cache;
  private int completion;
  private int lastToken;
  private long firstTokenNanos;

  /** What all sequences of an engine use. */
  record Engine(LanguageModel model, EngineSettings settings, LanguageMetrics metrics) {}

  Sequence(Request request, Engine engine, PromptPlan plan, TextStream stream, List<String> stops) {
    this.request = request;
    this.engine = engine;
    this.plan = plan;
    this.stream = stream;
    int room = engine.model.config().contextLength() - plan.used();
    int allowed = Math.min(room, engine.settings.maxNewTokens());
    maxNewTokens = Math.min(allowed, request.settings().maxNewTokens());
    sampler = new TokenSampler(request.settings());
    text = new AnswerText(stops);
    sharing = plan.sharesPrefix() && request.context().startsWith(plan.before());
  }

  /** One turn. Emits at most a token and the end. */
  void advance() {
    long start = System.nanoTime();
    if (sharing && !request.context().isFilled()) {
      int filled =
          request.context().fill(engine.model, plan.before(), engine.settings.prefillRows());
      filledPrefix += filled;
      engine.metrics.prefilled(filled, System.nanoTime() - start);
      return;
    }
    KvCache filling = cache == null ? begin() : cache;
    if (filling.length() < plan.used()) {
      prefill(filling, start);
    } else {
      float[] logits = engine.model.step(lastToken, filling);
      engine.metrics.decoded(System.nanoTime() - start);
      accept(logits);
    }
  }

  private KvCache begin() {
    // The last token is never run through the model, hence no row for it.
    int capacity = plan.used() + maxNewTokens - 1;
    if (sharing) {
      engine.metrics.shared(shared());
      rows = engine.model.rows(plan.after());
      cache = request.context().copy(engine.model, capacity);
    } else if (plan.visual() > 0) {
      rows = engine.model.rows(plan.before(), request.context().visual(), plan.after());
      cache = engine.model.newCache(capacity);
    } else {
      rows = engine.model.rows(plan.before());
      cache = engine.model.newCache(capacity);
    }
    return cache;
  }

  /** Rows of the prefix that were filled for other questions. */
  private int shared() {
    return sharing ? plan.prefix() - filledPrefix : 0;
  }

  private void prefill(KvCache filling, long start) {
    Tensor embedded = rows;
    if (embedded == null) {
      throw new IllegalStateException("rows of the prompt are gone before they were used");
    }
    int skipped = sharing ? plan.prefix() : 0;
    int from = filling.length() - skipped;
    int to = Math.min(plan.used() - skipped, from + engine.settings.prefillRows());
    float[] logits = engine.model.prefill(embedded, from, to, filling);
    engine.metrics.prefilled(to - from, System.nanoTime() - start);
    if (filling.length() == plan.used()) {
      embedded.close();
      rows = null;
      accept(logits);
    }
  }

  private void accept(float[] logits) {
    lastToken = sampler.choose(logits);
    completion++;
    if (completion == 1) {
      firstTokenNanos = System.nanoTime() - request.askedNanos();
      engine.metrics.firstToken(firstTokenNanos);
    }
    if (engine.settings.stopIds().contains(lastToken)) {
      finish(FinishReason.STOP);
      return;
    }
    emit(text.accept(stream.accept(lastToken)));
    if (text.stopped()) {
      finish(FinishReason.STOP);
    } else if (completion == maxNewTokens) {
      finish(FinishReason.LENGTH);
    }
  }

  private void finish(FinishReason reason) {
    emit(text.accept(stream.finish()));
    // A stop text may be complete only now, in what the decoder held back.
    FinishReason ended = text.stopped() ? FinishReason.STOP : reason;
    emit(text.finish());
    long total = System.nanoTime() - request.askedNanos();
    Usage usage =
        new Usage(
            plan.used(),
            Math.min(plan.visual(), Math.max(0, plan.used() - plan.before().size())),
            shared(),
            completion,
            TimeUnit.NANOSECONDS.toMicros(firstTokenNanos),
            TimeUnit.NANOSECONDS.toMicros(total));
    Outcome outcome = ended == FinishReason.STOP ? Outcome.STOP : Outcome.LENGTH;
    request.end(new AnswerEvent.Finished(text.text(), ended, usage), outcome);
  }

  private void emit(String piece) {
    if (!piece.isEmpty()) {
      request.emit(new AnswerEvent.Token(piece));
    }
  }

  @Override
  public void close() {
    if (rows != null) {
      rows.close();
      rows = null;
    }
    if (cache != null) {
      cache.close();
      cache = null;
    }
  }
}
