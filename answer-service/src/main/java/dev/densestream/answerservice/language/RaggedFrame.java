package dev.densestream.answerservice.language;

import java.util.ArrayList;
import java.util.List;

/**
 * Several sequences' stretches as the program's method {@code ragged_step} wants them: not padded,
 * sorted by prefix.
 */
final class RaggedFrame {
  private final List<Stretch> sorted;
  private final int[] order;
  private final int rows;

  /** Sequences with the same prefix, and their rows of this step. */
  private record Group(KvRange prefix, int firstRow, int rows) {}

  private final List<Group> groups = new ArrayList<>();

  RaggedFrame(List<Stretch> stretches) {
    SortedStretches all = SortedStretches.of(stretches);
    order = all.order();
    sorted = all.stretches();
    int firstRow = 0;
    int row = 0;
    for (int i = 0; i < sorted.size(); i++) {
      row += sorted.get(i).ids().size();
      KvRange prefix = sorted.get(i).prefix();
      if (i + 1 == sorted.size() || !sorted.get(i + 1).prefix().equals(prefix)) {
        groups.add(new Group(prefix, firstRow, row - firstRow));
        firstRow = row;
      }
    }
    rows = row;
  }

  /** Whether all rows behind each prefix lie in neighbouring places. */
  static boolean fits(List<Stretch> stretches) {
    return stretches.stream().allMatch(Stretch::isInOnePlace);
  }

  /** Where the sequence of each row of logits comes in the list. */
  int[] order() {
    return order;
  }

  /** As the program has them. */
  long[] counts() {
    Stretch only = sorted.getFirst();
    int shortest = groups.stream().mapToInt(group -> group.prefix.length()).min().orElseThrow();
    int longest = groups.stream().mapToInt(group -> group.prefix.length()).max().orElseThrow();
    return new long[] {
      rows,
      sorted.size(),
      groups.size(),
      sorted.stream().mapToInt(stretch -> stretch.ids().size()).max().orElseThrow(),
      sorted.stream().mapToInt(Stretch::end).max().orElseThrow(),
      groups.stream().mapToInt(Group::rows).max().orElseThrow(),
      longest,
      shortest == 0 && longest > 0 ? 1 : 0,
      only.place(0),
      only.end(),
      only.prefix().first(),
      only.prefix().length()
    };
  }

  /** As the program has it. */
  long[] numbers() {
    int sequences = sorted.size();
    int looks = 3 * rows + sequences;
    int farLooks = looks + 3 * sequences + 2;
    long[] numbers = new long[farLooks + 3 * groups.size() + 2];
    int row = 0;
    for (int i = 0; i < sequences; i++) {
      Stretch stretch = sorted.get(i);
      numbers[looks + i] = row;
      numbers[looks + sequences + 1 + i] = stretch.place(0);
      numbers[looks + 2 * sequences + 2 + i] = stretch.end();
      for (int j = 0; j < stretch.ids().size(); j++) {
        int behind = stretch.filled() + j;
        numbers[row] = stretch.ids().get(j);
        numbers[rows + row] = (long) stretch.prefix().length() + behind;
        numbers[2 * rows + row] = stretch.place(behind);
        row++;
      }
      numbers[3 * rows + i] = row - 1L;
    }
    numbers[looks + sequences] = rows;
    for (int i = 0; i < groups.size(); i++) {
      Group group = groups.get(i);
      numbers[farLooks + i] = group.firstRow;
      numbers[farLooks + groups.size() + 1 + i] = group.prefix.first();
      numbers[farLooks + 2 * groups.size() + 2 + i] = group.prefix.length();
    }
    numbers[farLooks + groups.size()] = rows;
    return numbers;
  }
}
