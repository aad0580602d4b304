package dev.densestream.answerservice.language.vector;

import dev.densestream.answerservice.language.vector.Row.Places;
import dev.densestream.answerservice.language.vector.VectorWeights.Layer;
import dev.densestream.answerservice.language.vector.VectorWeights.Linear;
import dev.densestream.answerservice.language.vector.VectorWeights.Norm;
import dev.densestream.visionpipeline.Precision;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Steps of a tiny model, until the optimising compiler has made instructions of what a step
 * consists of: before that, each vector is an object, and a step of a real model takes minutes.
 */
public final class WarmUp implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  private static final int LAYERS = 2;
  private static final int HEADS = 4;
  private static final int KEY_HEADS = 2;
  private static final int SHOWN = 96;
  private static final int PLACES = 40;

  /** D, blocks without a rest, as real models have it. */
  private static final int SIZE = 4 * StoredRows.LANES;

  private static final int WIDTH = HEADS * SIZE;

  /**
   * Nanoseconds of this thread's processor time, so that a busy machine does not look slow.
   * Compiled, a step takes a fraction of it; not yet, many times as long.
   */
  private static final long QUICK = 1_000_000;

  /** Quick steps one after another that tell that all is compiled. */
  private static final int ENOUGH = 100;

  /** Nanoseconds of processor time after which it has failed. */
  private static final long PATIENCE = 30_000_000_000L;

  private static final Set<Kind> DONE = ConcurrentHashMap.newKeySet();

  private final Kind kind;
  private final Thread thread;
  private volatile boolean quick;
  private volatile boolean closed;

  private WarmUp(Kind kind) {
    this.kind = kind;
    this.thread = Thread.ofPlatform().name("step-warm-up").daemon().unstarted(this::run);
  }

  /** What decides which code a step runs through. */
  private record Kind(
      StoredRows stored, boolean inFourBits, boolean rmsNorm, boolean parallel, boolean gated) {}

  /** Begins, beside whoever asks; the caller closes it. */
  public static WarmUp start(VectorShape shape, Precision precision) {
    boolean inFourBits = precision == Precision.INT4;
    WarmUp warmUp =
        new WarmUp(
            new Kind(
                StoredRows.of(precision),
                inFourBits,
                shape.rmsNorm(),
                shape.parallel(),
                shape.gated()));
    warmUp.thread.start();
    return warmUp;
  }

  /** Whether steps are quick by now. */
  public boolean isQuick() {
    return quick;
  }

  /**
   * Waits for the end.
   *
   * @return whether steps are quick
   */
  public boolean await() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
        thread.interrupt();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return quick;
  }

  /** Breaks it off. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    await();
  }

  private void run() {
    quick = DONE.contains(kind) || becomesQuick();
    if (quick) {
      DONE.add(kind);
    } else if (!closed) {
      LOG.warn(
          "steps of few rows stay with the tensor engine: the JVM's compiler has not made them fast");
    }
  }

  private boolean becomesQuick() {
    VectorShape shape =
        new VectorShape(
            LAYERS,
            WIDTH,
            HEADS,
            KEY_HEADS,
            WIDTH,
            SHOWN,
            kind.rmsNorm(),
            kind.parallel(),
            kind.gated(),
            1e-5,
            new float[SIZE / 2]);
    VectorStep step = new VectorStep(shape, weights(shape), 1);
    List<MemorySegment> pool = new ArrayList<>();
    for (int i = 0; i < 2 * LAYERS; i++) {
      pool.add(memory(KEY_HEADS * PLACES * SIZE, kind.stored()));
    }
    return becomesQuick(step, pool);
  }

  /** One row and two in turn: more are gone through as pairs of them. */
  private static boolean becomesQuick(VectorStep step, List<MemorySegment> pool) {
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    long begin = clock.getCurrentThreadCpuTime();
    long until = begin + PATIENCE;
    int quick = 0;
    for (int i = 0; quick < ENOUGH; i++) {
      step.run(rows(1 + i % 2), pool, PLACES);
      long end = clock.getCurrentThreadCpuTime();
      quick = end - begin < QUICK ? quick + 1 : 0;
      if (end > until || Thread.interrupted()) {
        return false;
      }
      begin = end;
    }
    return true;
  }

  private static List<Row> rows(int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int place = PLACES - count + i;
      List<Places> seen = List.of(new Places(0, PLACES / 2), new Places(place, 1));
      rows.add(new Row(i, place, place, seen, true));
    }
    return rows;
  }

  private VectorWeights weights(VectorShape shape) {
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < LAYERS; i++) {
      layers.add(layer(shape));
    }
    MemorySegment embedding = rows(SHOWN, kind.stored());
    return new VectorWeights(embedding, kind.stored(), norm(), linear(SHOWN), layers);
  }

  /**
   * Numbers unlike 0, as real ones are: code that has seen nothing else is compiled for it alone.
   */
  private static MemorySegment rows(int count, StoredRows stored) {
    MemorySegment memory = memory(count * WIDTH, stored);
    for (int i = 0; i < count * WIDTH; i++) {
      stored.set(memory, i, i % 7 * 0.01f);
    }
    return memory;
  }

  private Layer layer(VectorShape shape) {
    Linear keys = linear(KEY_HEADS * SIZE);
    Linear square = linear(WIDTH);
    return new Layer(
        norm(),
        List.of(square, keys, keys),
        square,
        shape.parallel() ? null : norm(),
        shape.gated() ? List.of(square, square) : List.of(square),
        square);
  }

  private static Norm norm() {
    float[] ones = new float[WIDTH];
    Arrays.fill(ones, 1);
    return new Norm(ones, new float[WIDTH]);
  }

  private Linear linear(int out) {
    return new Linear(matrix(out), new float[out]);
  }

  private WeightMatrix matrix(int out) {
    if (kind.inFourBits()) {
      MemorySegment memory = memory(Math.toIntExact(FourBitMatrix.bytes(out, WIDTH)));
      for (int i = 0; i < memory.byteSize() / Short.BYTES; i++) {
        StoredRows.BFLOAT16.set(memory, i, 0.01f); // scales, and some codes
      }
      return new FourBitMatrix(memory, out, WIDTH);
    }
    StoredRows stored = kind.stored();
    MemorySegment memory = rows(out, stored);
    return RowMatrix.of(memory, stored, out, WIDTH);
  }

  private static MemorySegment memory(int numbers, StoredRows stored) {
    return memory(numbers * stored.bytes());
  }

  /** Of the same kind as a tensor's: code that has seen two kinds is slower. */
  private static MemorySegment memory(int bytes) {
    return MemorySegment.ofBuffer(ByteBuffer.allocateDirect(bytes));
  }
}
