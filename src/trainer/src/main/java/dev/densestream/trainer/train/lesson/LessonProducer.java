package dev.densestream.trainer.train.lesson;

import dev.densestream.trainer.train.config.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Makes a stage's batches ahead of those who learn from them, on one thread, a few at most. Each
 * step's batch follows from the seed and the step alone.
 */
public final class LessonProducer implements AutoCloseable {
  private static final int AHEAD = 4;

  private final Lessons lessons;
  private final BatchAssembly assembly;
  private final Stage stage;
  private final long seed;
  private final BlockingQueue<Made> made = new ArrayBlockingQueue<>(AHEAD);
  private final Thread thread;

  private record Made(@Nullable Batch batch, @Nullable RuntimeException failure) {}

  /**
   * Starts the thread.
   *
   * @param lessons used by this alone until it is closed
   * @param firstStep of the stage that is wanted
   */
  public LessonProducer(
      Lessons lessons, BatchAssembly assembly, Stage stage, long seed, int firstStep) {
    this.lessons = lessons;
    this.assembly = assembly;
    this.stage = stage;
    this.seed = seed;
    thread = Thread.ofPlatform().name("lesson-producer").daemon().start(() -> run(firstStep));
  }

  private void run(int firstStep) {
    try {
      for (int step = firstStep; step < stage.steps(); step++) {
        made.put(make(step));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Made make(int step) {
    try {
      return new Made(batch(step), null);
    } catch (RuntimeException failure) {
      return new Made(null, failure);
    }
  }

  /** The batch of a step. */
  private Batch batch(int step) {
    Random random = new Random((seed * 1_000_003 + stage.name().hashCode()) * 1_000_003 + step);
    random.nextLong();
    int frames = stage.framesFrom() + random.nextInt(stage.framesTo() - stage.framesFrom() + 1);
    List<Lesson> own = new ArrayList<>();
    for (int window = 0; window < stage.windows(); window++) {
      own.add(lessons.lesson(random.nextLong() >>> 1, frames, stage.questions()));
    }
    return assembly.join(own, frames);
  }

  /** The next step's batch; waits for it. */
  public Batch next() throws InterruptedException {
    Made next = made.take();
    if (next.failure != null) {
      throw next.failure;
    }
    if (next.batch == null) {
      throw new IllegalStateException("a batch was not made");
    }
    return next.batch;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
