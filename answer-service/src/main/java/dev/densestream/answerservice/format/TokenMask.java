package dev.densestream.answerservice.format;

import java.util.BitSet;

/** Which tokens may come next. */
public final class TokenMask {
  private final long[] words;
  private final int count;

  TokenMask(BitSet allowed) {
    words = allowed.toLongArray();
    count = allowed.cardinality();
  }

  public boolean allows(int id) {
    int word = id >>> 6;
    return word < words.length && (words[word] & (1L << id)) != 0;
  }

  /** How many are allowed. */
  public int count() {
    return count;
  }

  /** Takes every chance from the others: their logits become negative infinity. */
  public void apply(float[] logits) {
    for (int start = 0; start < logits.length; start += Long.SIZE) {
      long word = start >>> 6 < words.length ? words[start >>> 6] : 0;
      if (word != -1L) {
        int end = Math.min(logits.length, start + Long.SIZE);
        for (int id = start; id < end; id++) {
          if ((word & (1L << id)) == 0) {
            logits[id] = Float.NEGATIVE_INFINITY;
          }
        }
      }
    }
  }
}
