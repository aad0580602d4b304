package dev.densestream.answerservice.generate;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.VisualContext;
import dev.densestream.answerservice.language.LanguageBench;
import dev.densestream.answerservice.language.LanguageModel;
import dev.densestream.answerservice.prompt.ConversationTemplate;
import dev.densestream.visionpipeline.WindowEncoder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Live streams on one model: a window of each closes every ten seconds, evenly spread; its frames
 * are encoded then, all at once, filled in, and one question is answered with {@value #ANSWER}
 * tokens.
 */
public final class StreamsBench {
  /** Tokens of an answer. */
  public static final int ANSWER = 100;

  private static final double WINDOW_SECONDS = 10;
  private static final String QUESTION = "01234567890123456789";
  private static final int PATIENCE_SECONDS = 60;

  private final LanguageEngine engine;
  private final WindowEncoder encoder;
  private final Load load;
  private final float[] pixels = WindowEncoder.pixels();
  private final List<Double> seconds = Collections.synchronizedList(new ArrayList<>());
  private final Semaphore ended = new Semaphore(0);
  private long counted;
  private volatile @Nullable RuntimeException failure;

  private StreamsBench(LanguageEngine engine, WindowEncoder encoder, Load load) {
    this.engine = engine;
    this.encoder = encoder;
    this.load = load;
  }

  /**
   * What comes.
   *
   * @param streams at once
   * @param slots answers generated together at most
   * @param warmUpSeconds whose windows are not counted
   * @param seconds whose windows are
   */
  public record Load(int streams, int slots, int warmUpSeconds, int seconds) {}

  /**
   * From a window's end to its answer's, in seconds.
   *
   * @param closed windows counted
   * @param answered of them, in the end
   */
  public record Latency(double median, double p95, double most, long closed, long answered) {}

  /** A window, and when it closed. */
  private record Window(long nanos, boolean counted) {}

  /** Measures once. Owns the model from now on; the encoder is borrowed. */
  public static Latency run(LanguageModel model, WindowEncoder encoder, int vocabulary, Load load) {
    int rows = LanguageBench.WINDOW + QUESTION.length() + ANSWER;
    EngineSettings settings =
        new EngineSettings(
            load.slots,
            Math.max(1000, 10 * load.streams),
            load.slots * rows,
            model.prefillRows(),
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Set.of());
    LanguageEngine.Parts parts =
        new LanguageEngine.Parts(
            model, new NumberTokenizer(vocabulary), ConversationTemplate.named("plain"), settings);
    try (LanguageEngine engine = LanguageEngine.start(parts, new SimpleMeterRegistry())) {
      return new StreamsBench(engine, encoder, load).measured();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while streams were measured", e);
    }
  }

  private Latency measured() throws InterruptedException {
    BlockingQueue<Window> closing = new ArrayBlockingQueue<>(10 * load.streams);
    Thread encoding = Thread.ofPlatform().name("encoder").daemon().start(() -> encodeAll(closing));
    long windows = 0;
    double apart = WINDOW_SECONDS / load.streams;
    long start = System.nanoTime();
    double end = load.warmUpSeconds + load.seconds;
    for (double at = 0; at < end; at += apart) {
      long due = start + (long) (at * 1e9);
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      boolean counts = at >= load.warmUpSeconds;
      counted += counts ? 1 : 0;
      windows++;
      boolean taken = false;
      while (!taken && failure == null) {
        taken = closing.offer(new Window(due, counts), 1, TimeUnit.SECONDS);
      }
    }
    boolean all =
        failure == null
            && ended.tryAcquire(Math.toIntExact(windows), PATIENCE_SECONDS, TimeUnit.SECONDS);
    encoding.interrupt();
    encoding.join();
    RuntimeException cause = failure;
    if (cause != null) {
      throw cause;
    }
    return latency(all);
  }

  private Latency latency(boolean all) {
    double[] sorted;
    synchronized (seconds) {
      sorted = seconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }
    if (sorted.length == 0) {
      throw new IllegalStateException("no window was answered; all ended: " + all);
    }
    int last = sorted.length - 1;
    double[] ends = {sorted[last / 2], sorted[last * 95 / 100], sorted[last]};
    return new Latency(ends[0], ends[1], ends[2], counted, sorted.length);
  }

  private void encodeAll(BlockingQueue<Window> closing) {
    try {
      encoder.begin();
      while (true) {
        answer(closing.take());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // all have ended
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  private void answer(Window window) {
    VisualContext context = engine.context(encoder.encode(pixels));
    engine
        .answer(context, List.of(Turn.user(QUESTION)), GenerationSettings.greedy(ANSWER))
        .doFinally(
            _ -> {
              context.close();
              ended.release();
            })
        .subscribe(event -> note(window, event));
  }

  private void note(Window window, AnswerEvent event) {
    if (window.counted && event instanceof AnswerEvent.Finished) {
      seconds.add((System.nanoTime() - window.nanos) / 1e9);
    }
  }
}
