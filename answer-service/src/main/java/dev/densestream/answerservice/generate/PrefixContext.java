package dev.densestream.answerservice.generate;

import dev.densestream.answerservice.VisualContext;
import dev.densestream.answerservice.language.KvCache;
import dev.densestream.answerservice.language.LanguageModel;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.VisualTokens;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The visual tokens of some frames and the KV cache of the prompt up to and with them, filled piece
 * by piece by the first questions that need it, read by all.
 *
 * <p>Counts its users: the native memory goes when it is closed and the last answer has ended.
 */
final class PrefixContext implements VisualContext {
  private final float[] visual;
  private final int tokens;
  private @Nullable List<Integer> before;
  private @Nullable Tensor rows;
  private @Nullable KvCache cache;
  private int users;
  private boolean closed;

  PrefixContext(List<VisualTokens> frames) {
    tokens = frames.stream().mapToInt(VisualTokens::tokens).sum();
    visual = new float[frames.stream().mapToInt(frame -> frame.values().length).sum()];
    int at = 0;
    for (VisualTokens frame : frames) {
      System.arraycopy(frame.values(), 0, visual, at, frame.values().length);
      at += frame.values().length;
    }
  }

  @Override
  public int visualTokens() {
    return tokens;
  }

  float[] visual() {
    return visual;
  }

  /** Adds a user; false if it is closed already. */
  synchronized boolean acquire() {
    if (closed) {
      return false;
    }
    users++;
    return true;
  }

  synchronized void release() {
    users--;
    freeIfUnused();
  }

  @Override
  public synchronized void close() {
    closed = true;
    freeIfUnused();
  }

  private void freeIfUnused() {
    if (closed && users == 0) {
      freeRows();
      if (cache != null) {
        cache.close();
        cache = null;
      }
    }
  }

  private void freeRows() {
    if (rows != null) {
      rows.close();
      rows = null;
    }
  }

  /** Whether the prefix for a prompt that starts with these ids is filled. */
  synchronized boolean isFilled() {
    return cache != null && cache.length() == cache.capacity();
  }

  synchronized boolean startsWith(List<Integer> ids) {
    return before == null || before.equals(ids);
  }

  /**
   * Fills up to {@code count} rows more.
   *
   * @return how many
   */
  synchronized int fill(LanguageModel model, List<Integer> ids, int count) {
    KvCache filling = cache;
    Tensor embedded = rows;
    if (filling == null || embedded == null) {
      before = ids;
      embedded = model.rows(ids, visual, List.of());
      rows = embedded;
      filling = model.newCache(ids.size() + tokens);
      cache = filling;
    }
    int from = filling.length();
    int to = Math.min(filling.capacity(), from + count);
    model.prefill(embedded, from, to, filling);
    if (to == filling.capacity()) {
      freeRows();
    }
    return to - from;
  }

  /** A cache that starts with the filled prefix; the caller closes it. */
  synchronized KvCache copy(LanguageModel model, int capacity) {
    KvCache filled = cache;
    if (filled == null) {
      throw new IllegalStateException("prefix is not filled");
    }
    return model.copyOf(filled, capacity);
  }
}
