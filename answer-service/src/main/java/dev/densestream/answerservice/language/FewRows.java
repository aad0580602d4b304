package dev.densestream.answerservice.language;

import dev.densestream.answerservice.language.vector.Row;
import dev.densestream.answerservice.language.vector.Row.Places;
import dev.densestream.answerservice.language.vector.VectorShape;
import dev.densestream.answerservice.language.vector.VectorStep;
import dev.densestream.answerservice.language.vector.WarmUp;
import dev.densestream.visionpipeline.DeviceMissingException;
import dev.densestream.visionpipeline.Precision;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Steps that Java itself runs: those of few rows, from when the compiler has made them fast, which
 * takes a second or two at a model's start.
 */
final class FewRows implements AutoCloseable {
  /** Of more 8 bits are faster: products take longer than reading (src/docs/benchmarks.md). */
  private static final int MOST_IN_FOUR_BITS = 2;

  private final VectorStep step;
  private final WarmUp warmUp;
  private final int window;
  private final int mostRows;

  private FewRows(VectorStep step, WarmUp warmUp, int window, int mostRows) {
    this.step = step;
    this.warmUp = warmUp;
    this.window = window;
    this.mostRows = mostRows;
  }

  /**
   * Where the weights are float32, bfloat16 or in 4 bits, in this process's memory.
   *
   * @param vocabulary logits that are ever shown
   * @param weights kept by the caller for as long as this is used
   * @throws DeviceMissingException for 4 bits out of Java's reach
   */
  static Optional<FewRows> of(
      LanguageConfig config,
      Precision precision,
      int vocabulary,
      LanguageWeights.Collected weights,
      int threads) {
    List<Optional<MemorySegment>> memory = weights.memory();
    List<MemorySegment> fourBits =
        weights.fourBits().stream().flatMap(part -> part.memory().stream()).toList();
    boolean reachable =
        memory.stream().allMatch(Optional::isPresent)
            && fourBits.size() == weights.fourBits().size();
    if (precision == Precision.INT4 && !reachable) {
      throw new DeviceMissingException(
          "precision int4 needs every weight in this process's memory and below 2 GiB: choose int8");
    }
    if (precision == Precision.INT8 || !reachable) {
      return Optional.empty();
    }
    VectorShape shape = shape(config, vocabulary);
    VectorStep step =
        VectorStep.of(shape, precision, i -> memory.get(i).orElseThrow(), fourBits, threads);
    int mostRows = precision == Precision.INT4 ? MOST_IN_FOUR_BITS : VectorStep.MOST_ROWS;
    WarmUp warmUp = WarmUp.start(shape, precision);
    return Optional.of(new FewRows(step, warmUp, config.slidingWindow(), mostRows));
  }

  private static VectorShape shape(LanguageConfig config, int vocabulary) {
    LanguageShape shape = config.shape();
    Family family = config.family();
    return new VectorShape(
        shape.layers(),
        shape.width(),
        shape.heads(),
        shape.keyValueHeads(),
        shape.feedForward(),
        vocabulary,
        family.rmsNorm(),
        family.parallelFeedForward(),
        family.gated(),
        config.normEpsilon(),
        config.rotary().frequencies());
  }

  /** Waits until this takes steps, or it has turned out that it never will. */
  void await() {
    warmUp.await();
  }

  /** Whether these stretches are few rows, their keys and values in reach, and steps fast. */
  boolean takes(List<Stretch> stretches, KvPool pool) {
    int rows = stretches.stream().mapToInt(stretch -> stretch.ids().size()).sum();
    return warmUp.isQuick() && rows <= mostRows && !pool.memory().isEmpty();
  }

  /** For each stretch the logits of what follows its last token. */
  float[][] run(List<Stretch> stretches, KvPool pool) {
    List<Row> rows = stretches.stream().flatMap(stretch -> rows(stretch).stream()).toList();
    return step.run(rows, pool.memory(), pool.places() + 1);
  }

  private List<Row> rows(Stretch stretch) {
    List<Row> rows = new ArrayList<>();
    int count = stretch.ids().size();
    for (int i = 0; i < count; i++) {
      int behind = stretch.filled() + i;
      int position = stretch.prefix().length() + behind;
      int left = window == 0 ? 0 : Math.max(0, position + 1 - window);
      List<Places> seen = seen(stretch, behind + 1, left);
      boolean last = i + 1 == count;
      rows.add(new Row(stretch.ids().get(i), position, stretch.place(behind), seen, last));
    }
    return rows;
  }

  /**
   * Places of the prefix and of so many rows behind it.
   *
   * @param left how many of the first have left the window
   */
  private static List<Places> seen(Stretch stretch, int behind, int left) {
    int inStem = Math.min(behind, stretch.stem().length());
    List<Places> seen = new ArrayList<>();
    int more = left;
    for (Places all :
        List.of(
            new Places(stretch.prefix().first(), stretch.prefix().length()),
            new Places(stretch.stem().first(), inStem),
            new Places(stretch.own().first(), behind - inStem))) {
      int gone = Math.min(more, all.length());
      more -= gone;
      if (all.length() > gone) {
        seen.add(new Places(all.first() + gone, all.length() - gone));
      }
    }
    return seen;
  }

  @Override
  public void close() {
    warmUp.close();
    step.close();
  }
}
