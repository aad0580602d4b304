package dev.densestream.answerservice.format;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a text has been read: all the places of the grammar where it may stand. There is one
 * object for each such set while {@link Readings} remembers it, so objects are compared, not sets.
 */
final class Reading {
  /** A place in the grammar: a state, and behind which calls. The end of the text is no place. */
  static final class Place {
    final int id;
    final Rules.State state;
    final @Nullable Place below;

    /** How many calls deep. */
    final int depth;

    /** Fewest bytes from here to the end of the text. */
    final int leastBytes;

    Place(int id, Rules.State state, @Nullable Place below) {
      this.id = id;
      this.state = state;
      this.below = below;
      depth = below == null ? 0 : below.depth + 1;
      leastBytes = state.leastBytes + (below == null ? 0 : below.leastBytes);
    }
  }

  final List<Place> places;

  /** Whether the text may end here. */
  final boolean whole;

  /** Fewest bytes until it may end. */
  final int leastBytes;

  /** By the next byte, as far as it was asked for; null where it was not. */
  final @Nullable Reading[] next = new Reading[256];

  Reading(List<Place> places, boolean whole) {
    this.places = places;
    this.whole = whole;
    leastBytes =
        whole ? 0 : places.stream().mapToInt(place -> place.leastBytes).min().orElse(Rules.UNKNOWN);
  }

  /** Whether nothing can follow: the text ends here, or does not fit. */
  boolean isLast() {
    return places.isEmpty();
  }

  boolean isDead() {
    return places.isEmpty() && !whole;
  }
}
