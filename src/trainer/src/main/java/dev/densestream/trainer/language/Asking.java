package dev.densestream.trainer.language;

import dev.densestream.trainer.world.Facts;
import dev.densestream.trainer.world.Sighting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** The facts being asked about, and what has been asked. */
record Asking(Facts facts, RandomGenerator random, List<Example> asked) {
  Asking(Facts facts, RandomGenerator random) {
    this(facts, random, new ArrayList<>());
  }

  void ask(QuestionType type, String question, String answer, List<String> choices) {
    ask(new Example(question, answer, type, choices));
  }

  void ask(Example example) {
    asked.add(example);
  }

  /** One of several, if there are any. */
  <T> Optional<T> any(List<T> all) {
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
  }

  /** A way to speak of the object and of no other, if there is one that fits the question. */
  Optional<String> naming(Sighting sighting, Predicate<Description> wanted) {
    List<Description> unique = Description.unique(facts, sighting).stream().filter(wanted).toList();
    return any(unique).map(Description::text);
  }

  Optional<String> naming(Sighting sighting) {
    return naming(sighting, _ -> true);
  }

  /** The objects that can be named in a frame at least. */
  List<Sighting> seen() {
    return facts.sightings().stream().filter(Sighting::seen).toList();
  }

  /** The only object that moves, when all others rest. */
  Optional<Sighting> onlyMover() {
    List<Sighting> movers = seen().stream().filter(s -> s.direction().isPresent()).toList();
    boolean othersRest = facts.sightings().stream().allMatch(s -> movers.contains(s) || s.still());
    return movers.size() == 1 && othersRest ? Optional.of(movers.getFirst()) : Optional.empty();
  }
}
