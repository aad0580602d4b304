package dev.densestream.answerservice.generate;

import dev.densestream.answerservice.language.KvPool;
import dev.densestream.answerservice.language.KvRange;
import dev.densestream.answerservice.language.LanguageModel;
import dev.densestream.answerservice.language.LanguageModel.Shown;
import dev.densestream.visionpipeline.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A prompt up to and with its visual tokens, and the places where its keys and values are put,
 * piece by piece. Filled and emptied by the engine's thread; its owner gives everything back by
 * {@link #close}, from any thread once nobody reads it.
 */
final class Prefix implements AutoCloseable {
  private final LanguageModel model;
  private final KvPool pool;
  private final List<Integer> before;
  private final float[] visual;
  private final int length;
  private @Nullable Tensor rows;
  private KvRange places = KvRange.NONE;
  private int filled;

  /**
   * @param length rows that count; fewer than there are when the prompt was cut
   */
  Prefix(LanguageModel model, KvPool pool, List<Integer> before, float[] visual, int length) {
    this.model = model;
    this.pool = pool;
    this.before = before;
    this.visual = visual;
    this.length = length;
  }

  boolean startsWith(List<Integer> ids) {
    return before.equals(ids);
  }

  int length() {
    return length;
  }

  /** Takes the places it needs; false if there is no room now. */
  synchronized boolean reserve() {
    if (places.length() < length) {
      places = pool.take(length).orElse(KvRange.NONE);
    }
    return places.length() == length;
  }

  synchronized boolean isFilled() {
    return filled == length;
  }

  /** Only when filled. */
  synchronized KvRange places() {
    return places;
  }

  /**
   * Fills up to {@code count} rows more: of what is missing an even part, since a last piece of few
   * rows would cost nearly what a whole one does.
   *
   * @param shown whose logits are wanted once it is filled
   * @return the logits, none before it is filled
   */
  synchronized float[] fill(int count, Shown shown) {
    if (rows == null) {
      rows = model.rows(before, visual, List.of());
    }
    int pieces = Math.ceilDiv(length - filled, count);
    int to = filled + Math.ceilDiv(length - filled, pieces);
    float[] logits =
        model.prefill(rows, filled, to, places, pool, to == length ? shown : Shown.NONE);
    filled = to;
    if (filled == length) {
      freeRows();
    }
    return logits;
  }

  synchronized int filled() {
    return filled;
  }

  /** Gives the places back; it can be filled again. */
  synchronized void empty() {
    freeRows();
    filled = 0;
    pool.give(places);
    places = KvRange.NONE;
  }

  private void freeRows() {
    if (rows != null) {
      rows.close();
      rows = null;
    }
  }

  @Override
  public void close() {
    empty();
  }
}
