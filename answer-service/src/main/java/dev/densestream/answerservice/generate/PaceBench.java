package dev.densestream.answerservice.generate;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.VisualContext;
import dev.densestream.answerservice.language.LanguageBench;
import dev.densestream.answerservice.language.LanguageModel;
import dev.densestream.answerservice.prompt.ConversationTemplate;
import dev.densestream.visionpipeline.VisualTokens;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;

/**
 * Times the tokens of answers under way while the engine takes in a window of {@value
 * LanguageBench#WINDOW} visual tokens beside them: what its pieces of a prefill cost the others.
 */
public final class PaceBench {
  private static final int TOKENS = 2000;

  private final LanguageEngine engine;
  private final List<Long> tokenNanos = Collections.synchronizedList(new ArrayList<>());

  private PaceBench(LanguageEngine engine) {
    this.engine = engine;
  }

  /** Milliseconds between tokens of one answer. */
  public record Pace(double median, double p99) {}

  /**
   * Measures once. Owns the model from now on.
   *
   * @param answers under way
   */
  public static List<Pace> run(LanguageModel model, int vocabulary, int answers, int windows) {
    EngineSettings settings =
        new EngineSettings(
            answers + 1,
            0,
            2 * LanguageBench.WINDOW + (answers + 1) * (TOKENS + 64),
            model.prefillRows(),
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Set.of());
    int width = model.config().shape().width();
    LanguageEngine.Parts parts =
        new LanguageEngine.Parts(
            model, new NumberTokenizer(vocabulary), ConversationTemplate.named("plain"), settings);
    try (LanguageEngine engine = LanguageEngine.start(parts, new SimpleMeterRegistry())) {
      return new PaceBench(engine).measured(width, answers, windows);
    }
  }

  private List<Pace> measured(int width, int answers, int windows) {
    List<Pace> paces = new ArrayList<>();
    Disposable.Composite running = Disposables.composite();
    try (VisualContext none = engine.context(List.of())) {
      for (int i = 0; i < answers; i++) {
        boolean timed = i == 0;
        running.add(ask(none, TOKENS).subscribe(event -> note(event, timed)));
      }
      window(width); // to warm up
      for (int i = 0; i < windows; i++) {
        tokenNanos.clear();
        window(width);
        paces.add(pace(List.copyOf(tokenNanos)));
      }
    } finally {
      running.dispose();
    }
    return paces;
  }

  private Flux<AnswerEvent> ask(VisualContext context, int tokens) {
    return engine.answer(
        context, List.of(Turn.user("01234567890123456789")), GenerationSettings.greedy(tokens));
  }

  private void note(AnswerEvent event, boolean timed) {
    if (timed && event instanceof AnswerEvent.Token) {
      tokenNanos.add(System.nanoTime());
    }
  }

  /** Until the first token behind it. */
  private void window(int width) {
    float[] rows = new float[LanguageBench.WINDOW * width];
    VisualTokens tokens = new VisualTokens(0, LanguageBench.WINDOW, width, rows);
    try (VisualContext context = engine.context(List.of(tokens))) {
      requireNonNull(ask(context, 1).blockLast());
    }
  }

  private static Pace pace(List<Long> nanos) {
    double[] millis = new double[Math.max(1, nanos.size() - 1)];
    for (int i = 1; i < nanos.size(); i++) {
      millis[i - 1] = (nanos.get(i) - nanos.get(i - 1)) / 1e6;
    }
    Arrays.sort(millis);
    return new Pace(
        millis[millis.length / 2], millis[Math.min(millis.length - 1, millis.length * 99 / 100)]);
  }
}
