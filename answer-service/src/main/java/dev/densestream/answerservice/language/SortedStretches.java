package dev.densestream.answerservice.language;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Stretches of a step, those of the same prefix side by side.
 *
 * @param order where each of them comes in the list that was given
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SortedStretches(List<Stretch> stretches, int[] order) {
  static SortedStretches of(List<Stretch> given) {
    int[] order =
        IntStream.range(0, given.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> given.get(i).prefix().first()))
            .mapToInt(Integer::intValue)
            .toArray();
    return new SortedStretches(IntStream.of(order).mapToObj(given::get).toList(), order);
  }
}
