package dev.densestream.answerservice.language;

import java.util.ArrayList;
import java.util.List;

/**
 * Several sequences' stretches as the program's method {@code step} wants them: padded to the
 * longest, sorted by prefix, and everything whole-numbered in one row.
 */
final class StepFrame {
  /** Own keys come in multiples of this, so that the engine meets few different shapes. */
  private static final int KEYS = 32;

  private final List<Stretch> sorted;
  private final int[] order;
  private final int each;
  private final int longest;

  StepFrame(List<Stretch> stretches) {
    SortedStretches all = SortedStretches.of(stretches);
    order = all.order();
    sorted = all.stretches();
    each = sorted.stream().mapToInt(stretch -> stretch.ids().size()).max().orElseThrow();
    int keys = sorted.stream().mapToInt(Stretch::end).max().orElseThrow();
    longest = sorted.size() == 1 ? keys : Math.ceilDiv(keys, KEYS) * KEYS;
  }

  int sequences() {
    return sorted.size();
  }

  int each() {
    return each;
  }

  int longest() {
    return longest;
  }

  /**
   * Where there is one sequence, and its rows behind the prefix lie side by side, the place of the
   * first of them; else 0.
   */
  int alone() {
    Stretch first = sorted.getFirst();
    return sorted.size() == 1 && first.isInOnePlace() ? first.place(0) : 0;
  }

  /** Rows of logits in the order the stretches were given. */
  float[][] unsorted(float[] logits) {
    int width = logits.length / order.length;
    float[][] rows = new float[order.length][width];
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(logits, i * width, rows[order[i]], 0, width);
    }
    return rows;
  }

  long[] numbers() {
    int rows = sorted.size() * each;
    long[] numbers = new long[3 * rows + 3 * sorted.size() + sorted.size() * longest];
    for (int i = 0; i < sorted.size(); i++) {
      fill(numbers, i, rows);
    }
    return numbers;
  }

  private void fill(long[] numbers, int i, int rows) {
    Stretch stretch = sorted.get(i);
    for (int j = 0; j < stretch.ids().size(); j++) {
      int row = i * each + j;
      numbers[row] = stretch.ids().get(j);
      numbers[rows + row] = (long) stretch.prefix().length() + stretch.filled() + j;
      numbers[2 * rows + row] = stretch.place(stretch.filled() + j);
    }
    int at = 3 * rows + i;
    numbers[at] = stretch.filled();
    numbers[at + sorted.size()] = stretch.prefix().length();
    numbers[at + 2 * sorted.size()] = (long) i * each + stretch.ids().size() - 1;
    int table = 3 * rows + 3 * sorted.size() + i * longest;
    for (int j = 0; j < stretch.end(); j++) {
      numbers[table + j] = stretch.place(j);
    }
  }

  /** First sequence, last sequence (not included), first place, length; for each prefix. */
  long[] prefixes() {
    List<Long> groups = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= sorted.size(); i++) {
      if (i == sorted.size() || !sorted.get(i).prefix().equals(sorted.get(from).prefix())) {
        KvRange prefix = sorted.get(from).prefix();
        groups.addAll(
            List.of((long) from, (long) i, (long) prefix.first(), (long) prefix.length()));
        from = i;
      }
    }
    return groups.stream().mapToLong(Long::longValue).toArray();
  }
}
