package dev.densestream.benchmarks.sidebyside;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One test's results by candidate, in the order measured.
 *
 * @param ours by type
 * @param theirs by type
 */
record Comparison(String test, String unit, Map<String, Spread> ours, Map<String, Spread> theirs) {

  /** One for each test that has samples. */
  static List<Comparison> of(List<Sample> samples) {
    return samples.stream()
        .collect(groupingBy(Sample::test, LinkedHashMap::new, toList()))
        .entrySet()
        .stream()
        .map(
            test ->
                new Comparison(
                    test.getKey(),
                    test.getValue().getFirst().unit(),
                    side(test.getValue(), true),
                    side(test.getValue(), false)))
        .toList();
  }

  private static Map<String, Spread> side(List<Sample> samples, boolean ours) {
    Map<String, Spread> spreads = new LinkedHashMap<>();
    samples.stream()
        .filter(sample -> sample.ours() == ours)
        .collect(groupingBy(Sample::type, LinkedHashMap::new, mapping(Sample::value, toList())))
        .forEach((type, values) -> spreads.put(type, Spread.of(values)));
    return spreads;
  }

  boolean lessIsBetter() {
    return unit.equals("s");
  }

  /** The type with which llama.cpp is best, by its median. */
  Optional<String> best() {
    Comparator<Map.Entry<String, Spread>> byMedian =
        Comparator.comparingDouble(entry -> entry.getValue().median());
    return theirs.entrySet().stream()
        .max(lessIsBetter() ? byMedian.reversed() : byMedian)
        .map(Map.Entry::getKey);
  }

  /** How many times as fast ours is, by the medians: above 1, ours is faster. */
  Optional<Double> ratio(String our, String their) {
    Spread mine = ours.get(our);
    Spread other = theirs.get(their);
    if (mine == null || other == null) {
      return Optional.empty();
    }
    return Optional.of(
        lessIsBetter() ? other.median() / mine.median() : mine.median() / other.median());
  }

  /** llama.cpp's type with as many bits for a weight, where it has been measured. */
  Optional<String> equal(String our) {
    String precision = our.split(",", 2)[0];
    String same =
        switch (precision) {
          case "fp32" -> "F32";
          case "bf16" -> "BF16";
          case "int8" -> "Q8_0";
          case "int4" -> "Q4_0";
          default -> "";
        };
    Map<String, Spread> candidates = new LinkedHashMap<>(theirs);
    candidates.keySet().removeIf(type -> !type.split(",", 2)[0].equals(same));
    return new Comparison(test, unit, Map.of(), candidates).best();
  }
}
