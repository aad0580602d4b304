package dev.densestream.answerservice.format;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The bytes that each token writes, as a tree over all tokens: its nodes in depth-first order, so
 * that the tokens beginning with the same bytes lie side by side. Tokens that write nothing
 * (special ones, rows that only pad the head) are in no node.
 */
public final class Vocabulary {
  private final int size;
  private final byte[][] bytes;

  /** Of each node: its last byte, how many bytes lead to it, the first node not below it. */
  private final byte[] value;

  private final int[] depth;
  private final int[] next;

  /** Of each node: where in {@link #ids} those of it and of the nodes below it begin. */
  private final int[] first;

  /** Sorted by their bytes. */
  private final int[] ids;

  private final int longest;

  private Vocabulary(byte[][] bytes) {
    this.bytes = bytes;
    size = bytes.length;
    ids =
        IntStream.range(0, size)
            .filter(id -> bytes[id].length > 0)
            .boxed()
            .sorted(Comparator.comparing((Integer id) -> bytes[id], Arrays::compareUnsigned))
            .mapToInt(Integer::intValue)
            .toArray();
    longest = IntStream.of(ids).map(id -> bytes[id].length).max().orElse(0);
    int nodes = 0;
    for (int i = 0; i < ids.length; i++) {
      nodes += bytes[ids[i]].length - shared(i);
    }
    value = new byte[nodes];
    depth = new int[nodes];
    next = new int[nodes];
    first = new int[nodes];
    fill();
  }

  /**
   * Of so many tokens.
   *
   * @param bytes what a token writes; empty for what may never be in an answer
   */
  public static Vocabulary of(int size, IntFunction<byte[]> bytes) {
    return new Vocabulary(IntStream.range(0, size).mapToObj(bytes).toArray(byte[][]::new));
  }

  /** How many first bytes a token shares with the one sorted before it. */
  private int shared(int i) {
    if (i == 0) {
      return 0;
    }
    int mismatch = Arrays.mismatch(bytes[ids[i - 1]], bytes[ids[i]]);
    return mismatch < 0 ? bytes[ids[i]].length : mismatch;
  }

  private void fill() {
    int[] open = new int[longest + 1];
    int node = 0;
    int above = 0;
    for (int i = 0; i < ids.length; i++) {
      byte[] token = bytes[ids[i]];
      int common = shared(i);
      for (int d = above; d > common; d--) {
        next[open[d]] = node;
      }
      for (int d = common + 1; d <= token.length; d++) {
        value[node] = token[d - 1];
        depth[node] = d;
        first[node] = i;
        open[d] = node++;
      }
      above = token.length;
    }
    for (int d = above; d > 0; d--) {
      next[open[d]] = node;
    }
  }

  /** Ids are below it. */
  public int size() {
    return size;
  }

  byte[] bytes(int id) {
    return bytes[id];
  }

  int nodes() {
    return value.length;
  }

  int value(int node) {
    return value[node] & 0xFF;
  }

  int depth(int node) {
    return depth[node];
  }

  /** The first node behind those below this one. */
  int next(int node) {
    return next[node];
  }

  int longest() {
    return longest;
  }

  /** Sets the bits of the tokens that end at a node. */
  void addIds(int node, BitSet to) {
    byte[] here = bytes[ids[first[node]]];
    if (here.length > depth[node]) {
      return;
    }
    for (int i = first[node]; i < ids.length && Arrays.equals(bytes[ids[i]], here); i++) {
      to.set(ids[i]);
    }
  }
}
