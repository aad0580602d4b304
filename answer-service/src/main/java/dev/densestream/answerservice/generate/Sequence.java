package dev.densestream.answerservice.generate;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerEvent.FinishReason;
import dev.densestream.answerservice.AnswerEvent.Usage;
import dev.densestream.answerservice.generate.LanguageMetrics.Outcome;
import dev.densestream.answerservice.language.KvPool;
import dev.densestream.answerservice.language.KvRange;
import dev.densestream.answerservice.language.LanguageModel;
import dev.densestream.answerservice.language.LanguageModel.Shown;
import dev.densestream.answerservice.language.NextToken;
import dev.densestream.answerservice.language.Stretch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One answer under way: first its prefix is filled unless another answer did, then the rest of its
 * prompt is run, then what its reply asks for. Driven by the engine's thread.
 */
final class Sequence implements AutoCloseable {
  private final Request request;
  private final Engine engine;
  private final PromptPlan plan;
  private final Reply reply;
  private final @Nullable Prefix prefix;
  private final boolean sharing;
  private boolean reading;
  private KvRange own = KvRange.NONE;
  private int ran;
  private int filledPrefix;
  private long firstTokenNanos;

  /** What all sequences of an engine use. */
  record Engine(
      LanguageModel model, KvPool pool, EngineSettings settings, LanguageMetrics metrics) {}

  Sequence(Request request, Engine engine, PromptPlan plan, Reply reply) {
    this.request = request;
    this.engine = engine;
    this.plan = plan;
    this.reply = reply;
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

  private int ownPlaces() {
    return plan.used() - prefixLength() + reply.places();
  }

  /** Places it needs at most. */
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
      accept(List.of(NextToken.of(logits)));
    }
  }

  /** Whether its next tokens are of the prompt. */
  boolean inPrompt() {
    return ran < rest().size();
  }

  /** Whether its next token is one of the answer. */
  boolean isAnswering() {
    return !needsPrefix() && !inPrompt() && !reply.branches();
  }

  /** Whether its next tokens go on from the prompt's end side by side. */
  boolean branches() {
    return !inPrompt() && reply.branches();
  }

  /** Its next tokens: at most so many of the prompt, or what the reply asks for. */
  List<Stretch> next(int most) {
    KvRange shared = prefix == null ? KvRange.NONE : prefix.places();
    if (inPrompt()) {
      List<Integer> ids = rest().subList(ran, Math.min(rest().size(), ran + most));
      return List.of(new Stretch(shared, own, ran, ids));
    }
    return reply.branches()
        ? branches(shared, reply.next())
        : reply.next().stream().map(ids -> new Stretch(shared, own, ran, ids)).toList();
  }

  /** All behind the prompt, each with places of its own. */
  private List<Stretch> branches(KvRange shared, List<List<Integer>> paths) {
    KvRange stem = part(0, rest().size());
    List<Stretch> stretches = new ArrayList<>();
    int at = stem.length();
    for (List<Integer> ids : paths) {
      stretches.add(new Stretch(shared, stem, part(at, ids.size()), stem.length(), ids));
      at += ids.size();
    }
    return stretches;
  }

  private KvRange part(int from, int length) {
    return length == 0 ? KvRange.NONE : new KvRange(own.first() + from, length);
  }

  /**
   * What the model said behind each of {@link #next}.
   *
   * @param tokens how many there were
   */
  void ran(int tokens, List<NextToken> said) {
    if (ran == 0 && sharing) {
      engine.metrics.shared(shared());
    }
    if (!branches()) {
      ran += tokens;
    }
    if (ran >= rest().size()) {
      accept(said);
    }
  }

  /** Rows of the prefix that were filled for other questions. */
  private int shared() {
    return sharing ? prefixLength() - filledPrefix : 0;
  }

  private void accept(List<NextToken> said) {
    Optional<Reply.Ending> ending = reply.accept(said);
    if (firstTokenNanos == 0 && (!reply.branches() || ending.isPresent())) {
      firstTokenNanos = System.nanoTime() - request.askedNanos();
      engine.metrics.firstToken(firstTokenNanos);
    }
    ending.ifPresent(this::finish);
  }

  private void finish(Reply.Ending ending) {
    ending.verdict().ifPresent(_ -> request.say(ending.text()));
    long total = System.nanoTime() - request.askedNanos();
    Usage usage =
        new Usage(
            plan.used(),
            Math.min(plan.visual(), Math.max(0, plan.used() - plan.before().size())),
            shared(),
            ending.tokens(),
            TimeUnit.NANOSECONDS.toMicros(firstTokenNanos),
            TimeUnit.NANOSECONDS.toMicros(total));
    Outcome outcome = ending.reason() == FinishReason.STOP ? Outcome.STOP : Outcome.LENGTH;
    request.end(
        new AnswerEvent.Finished(ending.text(), ending.reason(), usage, ending.verdict()), outcome);
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
