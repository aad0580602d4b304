package dev.densestream.answerservice.generate;

import dev.densestream.answerservice.VisualContext;
import dev.densestream.answerservice.language.KvPool;
import dev.densestream.answerservice.language.LanguageModel;
import dev.densestream.visionpipeline.VisualTokens;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The visual tokens of some frames and the prefix of the prompts that ask about them: filled by the
 * first question, read by all.
 *
 * <p>Counts its users: the prefix goes when it is closed and the last answer has ended. Before that
 * the engine may take the prefix's places back while nobody reads them.
 */
final class PrefixContext implements VisualContext {
  private final float[] visual;
  private final int tokens;
  private final Consumer<PrefixContext> onEnd;
  private @Nullable Prefix prefix;
  private int users;
  private int readers;
  private boolean closed;

  /**
   * @param onEnd told when it is closed and its last user has left; more than once does no harm
   */
  PrefixContext(List<VisualTokens> frames, Consumer<PrefixContext> onEnd) {
    this.onEnd = onEnd;
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

  void release() {
    synchronized (this) {
      users--;
    }
    endIfUnused();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    endIfUnused();
  }

  private void endIfUnused() {
    synchronized (this) {
      if (!closed || users > 0) {
        return;
      }
      if (prefix != null) {
        prefix.close();
        prefix = null;
      }
    }
    onEnd.accept(this);
  }

  /** The prefix for prompts that start so, made at first use; empty if it is another one's. */
  synchronized Optional<Prefix> prefix(LanguageModel model, KvPool pool, List<Integer> before) {
    Prefix made = prefix;
    if (made == null) {
      made = new Prefix(model, pool, before, visual, before.size() + tokens);
      prefix = made;
    }
    return made.startsWith(before) ? Optional.of(made) : Optional.empty();
  }

  /** A sequence begins to need the prefix. */
  synchronized void read() {
    readers++;
  }

  synchronized void unread() {
    readers--;
  }

  /**
   * Gives the prefix's places back unless somebody reads them.
   *
   * @param wanted also if a question that waits will need it again
   * @return whether there were any
   */
  synchronized boolean evict(boolean wanted) {
    if (prefix == null || readers > 0 || (users > 0 && !wanted)) {
      return false;
    }
    if (prefix.places().length() == 0) {
      return false;
    }
    prefix.empty();
    return true;
  }
}
