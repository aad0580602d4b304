package dev.densestream.answerservice.window;

import dev.densestream.visionpipeline.VisualTokens;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Chooses what to let go of frames for which there is no room, so that the rest is spread evenly.
 */
final class Thinning {
  private Thinning() {}

  static long bytes(VisualTokens frame) {
    return (long) Float.BYTES * frame.values().length;
  }

  /**
   * The frames to let go of. One after the other, each the one whose neighbours are closest in
   * time; the first and the last stay longest.
   *
   * @param frames in time order
   * @param mostBytes of those that stay
   */
  static Set<VisualTokens> surplus(List<VisualTokens> frames, long mostBytes) {
    List<VisualTokens> kept = new ArrayList<>(frames);
    Set<VisualTokens> surplus = Collections.newSetFromMap(new IdentityHashMap<>());
    long bytes = frames.stream().mapToLong(Thinning::bytes).sum();
    while (bytes > mostBytes) {
      VisualTokens gone = kept.remove(leastMissed(kept));
      bytes -= bytes(gone);
      surplus.add(gone);
    }
    return surplus;
  }

  private static int leastMissed(List<VisualTokens> frames) {
    int least = frames.size() - 1;
    long leastGap = Long.MAX_VALUE;
    for (int i = 1; i < frames.size() - 1; i++) {
      long gap = frames.get(i + 1).ptsMicros() - frames.get(i - 1).ptsMicros();
      if (gap < leastGap) {
        leastGap = gap;
        least = i;
      }
    }
    return least;
  }
}
