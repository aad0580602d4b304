package dev.densestream.answerservice.format;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.format.Reading.Place;
import dev.densestream.answerservice.format.Rules.Bytes;
import dev.densestream.answerservice.format.Rules.Call;
import dev.densestream.answerservice.format.Rules.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads bytes by a grammar, and remembers every set of places it has met, so that the second
 * reading costs a look-up a byte. Remembers a bounded number and then starts over; readings handed
 * out before stay good. Used by one thread.
 */
final class Readings {
  private static final int MOST = 4096;
  private static final int MOST_PLACES = 65_536;

  private record PlaceKey(State state, @Nullable Place below) {}

  private record PlacesKey(List<Place> places, boolean whole) {}

  private final Map<PlaceKey, Place> places = new HashMap<>();
  private final Map<PlacesKey, Reading> readings = new HashMap<>();
  private final Reading dead = new Reading(List.of(), false);
  private final Reading start;
  private int ids;

  Readings(JsonGrammar grammar) {
    start = reading(Set.of(place(grammar.answer().start(), null)));
  }

  Reading start() {
    return start;
  }

  Reading next(Reading from, int value) {
    Reading known = from.next[value];
    if (known == null) {
      known = step(from, value);
      from.next[value] = known;
    }
    return known;
  }

  private Reading step(Reading from, int value) {
    Set<Place> reached = new HashSet<>();
    for (Place place : from.places) {
      for (Bytes edge : place.state.bytes) {
        if (edge.low() <= value && value <= edge.high()) {
          reached.add(place(edge.to(), place.below));
        }
      }
    }
    return reached.isEmpty() ? dead : reading(reached);
  }

  /**
   * With all places that are reached from these without a byte; those that take none are left out.
   */
  private Reading reading(Set<Place> reached) {
    Closure closure = new Closure(reached);
    closure.taking.sort(Comparator.comparingInt(place -> place.id));
    PlacesKey key = new PlacesKey(List.copyOf(closure.taking), closure.whole);
    if (readings.size() >= MOST || places.size() >= MOST_PLACES) {
      readings.clear();
      places.clear();
    }
    return readings.computeIfAbsent(key, _ -> new Reading(key.places, key.whole));
  }

  private Place place(State state, @Nullable Place below) {
    PlaceKey key = new PlaceKey(state, below);
    return places.computeIfAbsent(key, _ -> new Place(ids++, state, below));
  }

  /** What is reached without taking a byte. */
  private final class Closure {
    final List<Place> taking = new ArrayList<>();
    private final Set<Place> seen = new HashSet<>();
    private final Deque<Place> open = new ArrayDeque<>();
    boolean whole;

    Closure(Set<Place> reached) {
      reached.forEach(this::add);
      while (!open.isEmpty()) {
        follow(open.remove());
      }
    }

    private void add(Place place) {
      if (seen.add(place)) {
        open.add(place);
      }
    }

    private void follow(Place place) {
      State state = place.state;
      if (!state.bytes.isEmpty()) {
        taking.add(place);
      }
      state.skips.forEach(to -> add(place(to, place.below)));
      for (Call call : state.calls) {
        State inner = call.rule().start();
        if (place.depth + 1 + inner.leastDepth < JsonGrammar.MOST_DEPTH) {
          add(place(inner, place(call.back(), place.below)));
        }
      }
      if (state.end && place.below == null) {
        whole = true;
      } else if (state.end) {
        add(requireNonNull(place.below));
      }
    }
  }
}
