package dev.densestream.answerservice.language;

import dev.densestream.visionpipeline.TensorList;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Keys and values of all sequences: a fixed number of places for one row each, made once and never
 * grown. Ranges of places are taken and given back from any thread; the rows in them are written
 * and read by the model's thread alone. The owner closes it.
 */
public final class KvPool implements AutoCloseable {
  private final TensorList tensors;
  private final List<MemorySegment> memory;
  private final int places;

  /** Length of each free range by its first place; neighbours are always joined. */
  private final TreeMap<Integer, Integer> free = new TreeMap<>();

  private int taken;

  /**
   * Over tensors.
   *
   * @param memory of each tensor, or nothing where one is out of this process's reach
   */
  KvPool(TensorList tensors, List<MemorySegment> memory, int places) {
    this.tensors = tensors;
    this.memory = memory;
    this.places = places;
    free.put(1, places); // place 0 takes what padding writes
  }

  TensorList tensors() {
    return tensors;
  }

  /** Keys and values of each layer in turn, {@code [Hkv, places + 1, D]}; may be empty. */
  List<MemorySegment> memory() {
    return memory;
  }

  /** How many rows there is room for in all. */
  public int places() {
    return places;
  }

  public synchronized int taken() {
    return taken;
  }

  /** The first range that is long enough, cut to the length; empty if there is none now. */
  public synchronized Optional<KvRange> take(int length) {
    if (length == 0) {
      return Optional.of(KvRange.NONE);
    }
    for (Map.Entry<Integer, Integer> range : free.entrySet()) {
      if (range.getValue() >= length) {
        return Optional.of(cut(range.getKey(), range.getValue(), length));
      }
    }
    return Optional.empty();
  }

  private KvRange cut(int first, int available, int length) {
    free.remove(first);
    if (available > length) {
      free.put(first + length, available - length);
    }
    taken += length;
    return new KvRange(first, length);
  }

  /** Frees a range that {@link #take} gave. @throws IllegalArgumentException if it is free */
  public synchronized void give(KvRange range) {
    if (range.length() == 0) {
      return;
    }
    var before = free.floorEntry(range.first());
    var after = free.ceilingEntry(range.first());
    if ((before != null && before.getKey() + before.getValue() > range.first())
        || (after != null && after.getKey() < range.end())) {
      throw new IllegalArgumentException("places are free already: " + range);
    }
    int first = range.first();
    int end = range.end();
    if (after != null && after.getKey() == end) {
      free.remove(after.getKey());
      end += after.getValue();
    }
    if (before != null && before.getKey() + before.getValue() == first) {
      first = before.getKey();
    }
    free.put(first, end - first);
    taken -= range.length();
  }

  @Override
  public void close() {
    tensors.close();
  }
}
