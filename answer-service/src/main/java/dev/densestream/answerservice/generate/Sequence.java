package dev.densestream.answerservice.generate;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerEvent.FinishReason;
import dev.densestream.answerservice.AnswerEvent.Usage;
import dev.densestream.answerservice.generate.LanguageMetrics.Outcome;
import dev.densestream.answerservice.language.KvPool;
import dev.densestream.answerservice.language.KvRange;
import dev.densestream.answerservice.language.LanguageModel;
import dev.densestream.answerservice.language.LanguageModel.Shown;
import dev.densestream.answerservice.language.Stretch;
import dev.densestream.answerservice.tokenizer.TextStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One answer under way: first its prefix is filled unless another answer did, then the rest of its
 * prompt is run, then one token after the other. Driven by the engine's thread.
 */
final class Sequence implements AutoCloseable {
  private final Request request;
  private final Engine engine;
  private final PromptPlan plan;
  private final int maxNewTokens;
  private final TokenSampler sampler;
  private final TextStream stream;
  private final AnswerText text;
  private final @Nullable Prefix prefix;
  private final boolean sharing;
  private boolean reading;
  private KvRange own = KvRange.NONE;
  private int ran;
  private int filledPrefix;
  private int completion;
  private int lastToken;
  private long firstTokenNanos;

  /** What all sequences of an engine use. */
  record Engine(
      LanguageModel model, KvPool pool, EngineSettings settings, LanguageMetrics metrics) {}

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
    Optional<Prefix> shared =
        plan.sharesPrefix()
            ? request.context().prefix(engine.model, engine.pool, plan.before())
            : Optional.empty();
    sharing = shared.isPresent();
    prefix = shared.orElseGet(this::privatePrefix);
  }

  /** Nothing where there are no visual tokens: then the whole prompt is the sequence's own. */
  private @Nullable Prefix privatePrefix() {
    if (plan.visual() == 0) {
      return null;
    }
    int length = Math.min(plan.prefix(), plan.used());
    return new Prefix(engine.model, engine.pool, plan.before(), request.context().visual(), length);
  }

  private int prefixLength() {
    return prefix == null ? 0 : prefix.length();
  }

  /** Tokens of the prompt behind the prefix. */
  private List<Integer> rest() {
    List<Integer> ids = prefix == null ? plan.before() : plan.after();
    return ids.subList(0, plan.used() - prefixLength());
  }

  /** Places it needs at most; the last token is never run through the model, hence none for it. */
  private int ownPlaces() {
    return plan.used() - prefixLength() + maxNewTokens - 1;
  }

  int places() {
    return prefixLength() + ownPlaces();
  }

  /** Takes the places it needs; false, and none taken, if there is no room now. */
  boolean reserve() {
    KvRange taken = engine.pool.take(ownPlaces()).orElse(null);
    if (taken == null) {
      return false;
    }
    if (sharing) {
      request.context().read(); // before it is looked at: nobody may take its places any more
    }
    if (prefix != null && !prefix.reserve()) {
      engine.pool.give(taken);
      if (sharing) {
        request.context().unread();
      }
      return false;
    }
    reading = sharing;
    own = taken;
    return true;
  }

  boolean needsPrefix() {
    return prefix != null && !prefix.isFilled();
  }

  /** Runs one piece of the prefix. */
  void fillPrefix(int rows) {
    if (prefix == null) {
      return;
    }
    long start = System.nanoTime();
    int before = prefix.filled();
    boolean whole = rest().isEmpty();
    float[] logits = prefix.fill(rows, whole ? Shown.LAST : Shown.NONE);
    filledPrefix += prefix.filled() - before;
    engine.metrics.prefilled(prefix.filled() - before, System.nanoTime() - start);
    if (whole && prefix.isFilled()) {
      accept(logits);
    }
  }

  /** Whether its next tokens are of the prompt. */
  boolean inPrompt() {
    return ran < rest().size();
  }

  /** Its next tokens, at most so many. */
  Stretch next(int most) {
    KvRange shared = prefix == null ? KvRange.NONE : prefix.places();
    List<Integer> prompt = rest();
    List<Integer> ids =
        inPrompt() ? prompt.subList(ran, Math.min(prompt.size(), ran + most)) : List.of(lastToken);
    return new Stretch(shared, own, ran, ids);
  }

  /** What the model said behind the tokens of {@link #next}. */
  void ran(int tokens, float[] logits) {
    if (ran == 0 && sharing) {
      engine.metrics.shared(shared());
    }
    ran += tokens;
    if (ran >= rest().size()) {
      accept(logits);
    }
  }

  /** Rows of the prefix that were filled for other questions. */
  private int shared() {
    return sharing ? prefixLength() - filledPrefix : 0;
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
    engine.pool.give(own);
    own = KvRange.NONE;
    if (reading) {
      reading = false;
      request.context().unread();
    }
    if (!sharing && prefix != null) {
      prefix.close();
    }
  }
}
