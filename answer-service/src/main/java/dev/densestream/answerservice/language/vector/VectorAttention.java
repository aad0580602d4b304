package dev.densestream.answerservice.language.vector;

import java.lang.foreign.MemorySegment;

/** Rows' looks at keys and values, each key head's queries together. */
final class VectorAttention {
  private final StoredRows stored;
  private final int group;
  private final int size;
  private final int keyHeads;

  VectorAttention(VectorShape shape, StoredRows stored) {
    this.stored = stored;
    this.size = shape.headSize();
    this.keyHeads = shape.keyValueHeads();
    this.group = shape.heads() / shape.keyValueHeads();
  }

  /**
   * Keys or values of a layer, a row for each place of each head.
   *
   * @param memory {@code [Hkv, places, D]}
   */
  RowMatrix rows(MemorySegment memory, int places) {
    return RowMatrix.of(memory, stored, keyHeads * places, size);
  }

  /** Keeps one row's keys or values, {@code [Hkv, D]}. */
  void keep(RowMatrix pool, int place, float[] from, int at) {
    int places = pool.out() / keyHeads;
    for (int head = 0; head < keyHeads; head++) {
      long to = ((long) head * places + place) * size;
      for (int i = 0; i < size; i++) {
        stored.set(pool.memory(), to + i, from[at + head * size + i]);
      }
    }
  }

  /**
   * What the queries of one key head see.
   *
   * @param queries {@code [Hq, D]} of the row, from {@code at} on
   * @param mixed gets {@code [Hq, D]}, those of the head alone, from {@code to} on
   */
  void look(
      Row row,
      int head,
      RowMatrix keys,
      RowMatrix values,
      float[] queries,
      int at,
      float[] mixed,
      int to) {
    int firstPlace = head * (keys.out() / keyHeads);
    int seen = row.seenRows();
    float[] scores = new float[group * seen];
    float[] asked = new float[group * size];
    for (int i = 0; i < group; i++) {
      stored.arrange(queries, at + (head * group + i) * size, asked, i * size, size);
    }
    Curves.scale(asked, 0, asked.length, (float) (1 / Math.sqrt(size)));
    int number = 0;
    for (Row.Places range : row.seen()) {
      int first = firstPlace + range.first();
      keys.multiply(asked, group, scores, seen, number - first, first, first + range.length());
      number += range.length();
    }
    float[] sums = new float[group * size];
    for (int query = 0; query < group; query++) {
      Curves.softmax(scores, query * seen, seen);
      number = query * seen;
      for (Row.Places range : row.seen()) {
        int first = firstPlace + range.first();
        values.mix(scores, number, first, first + range.length(), sums, query * size);
        number += range.length();
      }
      stored.restore(sums, query * size, mixed, to + (head * group + query) * size, size);
    }
  }
}
