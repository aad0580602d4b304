package dev.densestream.trainer.train.lesson;

import dev.densestream.trainer.train.config.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Makes a stage's batches ahead of those who learn from them, on one thread, a few steps' at most.
 * Each step's batches follow from the seed and the step alone.
 */
public final class LessonProducer implements AutoCloseable {
  private static final int AHEAD = 4;

  private final Lessons lessons;
  private final BatchAssembly assembly;
  private final Stage stage;
  private final int replicas;
  private final long seed;
  private final BlockingQueue<Made> made = new ArrayBlockingQueue<>(AHEAD);
  private final Thread thread;

  private record Made(List<Batch> batches, @Nullable RuntimeException failure) {}

  /**
   * Starts the thread.
   *
   * @param lessons used by this alone until it is closed
   * @param replicas batches of a step
   * @param firstStep of the stage that is wanted
   */
  public LessonProducer(
      Lessons lessons,
      BatchAssembly assembly,
      Stage stage,
      int replicas,
      long seed,
      int firstStep) {
    this.lessons = lessons;
    this.assembly = assembly;
    this.stage = stage;
    this.replicas = replicas;
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
      return new Made(batches(step), null);
    } catch (RuntimeException failure) {
      return new Made(List.of(), failure);
    }
  }

  private List<Batch> batches(int step) {
    Random random = new Random((seed * 1_000_003 + stage.name().hashCode()) * 1_000_003 + step);
    random.nextLong();
    int frames = stage.framesFrom() + random.nextInt(stage.framesTo() - stage.framesFrom() + 1);
    List<Batch> batches = new ArrayList<>();
    for (int replica = 0; replica < replicas; replica++) {
      List<Lesson> own = new ArrayList<>();
      for (int window = 0; window < stage.windows() / replicas; window++) {
        own.add(lessons.lesson(random.nextLong() >>> 1, frames, stage.questions()));
      }
      batches.add(assembly.join(own, frames));
    }
    return batches;
  }

  /** The next step's batches; waits for them. */
  public List<Batch> next() throws InterruptedException {
    Made next = made.take();
    if (next.failure != null) {
      throw next.failure;
    }
    return next.batches;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
