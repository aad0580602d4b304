package dev.densestream.answerservice.window;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tells from the numbers a producer gives its segments which came twice, and which never came.
 *
 * <p>A producer that starts anew counts from 0 again, under another run. Numbers are therefore only
 * compared within one run; where the producer names none, they say nothing about losses.
 */
public final class SegmentNumbers {
  /** Segments remembered, so that one that comes again is known. */
  private static final int MOST_KNOWN = 1024;

  /** Runs remembered: an old one may still deliver while the next has begun. */
  private static final int MOST_RUNS = 4;

  /** Missing numbers remembered per run, so that one that comes after all is known. */
  private static final int MOST_MISSING = 1024;

  private final Set<Known> known = new LinkedHashSet<>();
  private final Map<String, Run> runs = new LinkedHashMap<>();

  /** The range too: a producer without runs may have started anew. */
  private record Known(@Nullable String run, long sequence, long startMicros, long endMicros) {}

  private static final class Run {
    private final Set<Long> missing = new TreeSet<>();
    private long next;

    Run(long first) {
      this.next = first;
    }

    Arrival arrived(long sequence) {
      if (sequence < next) {
        return missing.remove(sequence) ? Arrival.LATER : Arrival.IN_ORDER;
      }
      long lost = sequence - next;
      for (long number = next; number < sequence && missing.size() < MOST_MISSING; number++) {
        missing.add(number);
      }
      next = sequence + 1;
      return new Arrival(lost, false, false);
    }
  }

  /**
   * What a segment's number says.
   *
   * @param missing numbers passed over before it
   * @param later it had been counted as missing before
   * @param duplicate it had come before
   */
  public record Arrival(long missing, boolean later, boolean duplicate) {
    static final Arrival IN_ORDER = new Arrival(0, false, false);
    static final Arrival LATER = new Arrival(0, true, false);
    static final Arrival DUPLICATE = new Arrival(0, false, true);
  }

  /** Takes the next segment, as it was received. */
  Arrival arrived(TakenSegment segment) {
    Known identity =
        new Known(
            segment.run(),
            segment.sequence(),
            segment.range().startMicros(),
            segment.range().endMicros());
    if (!known.add(identity)) {
      return Arrival.DUPLICATE;
    }
    forgetEldest(known.iterator(), known.size() > MOST_KNOWN);
    String run = segment.run();
    if (run == null) {
      return Arrival.IN_ORDER;
    }
    Run counted = runs.computeIfAbsent(run, _ -> new Run(segment.sequence()));
    forgetEldest(runs.keySet().iterator(), runs.size() > MOST_RUNS);
    return Objects.requireNonNull(counted).arrived(segment.sequence());
  }

  private static void forgetEldest(Iterator<?> eldestFirst, boolean full) {
    if (full) {
      eldestFirst.next();
      eldestFirst.remove();
    }
  }
}
