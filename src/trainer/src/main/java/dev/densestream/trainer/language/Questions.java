package dev.densestream.trainer.language;

import dev.densestream.trainer.world.Facts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Questions that certain frames answer. What is hidden, mostly outside or too small is not asked
 * about; a question that two viewers could answer differently is not asked.
 */
public final class Questions {
  /** The answer to what the frames do not tell. */
  public static final String UNKNOWN = Answers.UNKNOWN;

  private Questions() {}

  /** Those that the facts allow, put at random; none when nothing can be named. */
  public static List<Example> about(Facts facts, RandomGenerator random) {
    Asking asking = new Asking(facts, random);
    if (facts.scene().isForeign()) {
      UnknownQuestions.foreign(asking);
    } else if (facts.known()) {
      LookQuestions.ask(asking);
      PlaceQuestions.ask(asking);
      MotionQuestions.ask(asking);
      OrderQuestions.ask(asking);
      if (facts.certain()) {
        UnknownQuestions.absent(asking);
      }
    }
    return List.copyOf(asking.asked());
  }

  /**
   * More of certain types: what there is to ask in several wordings, under several names.
   *
   * @param most of each type, of all that there are
   */
  public static List<Example> further(
      Facts facts, RandomGenerator random, Map<QuestionType, Integer> most) {
    Map<QuestionType, Map<String, Example>> distinct = new EnumMap<>(QuestionType.class);
    most.forEach((type, _) -> distinct.put(type, new LinkedHashMap<>()));
    int draws = most.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    for (int draw = 0; draw < draws; draw++) {
      for (Example one : about(facts, random)) {
        if (distinct.containsKey(one.type())) {
          distinct.get(one.type()).putIfAbsent(one.question(), one);
        }
      }
    }
    List<Example> all = new ArrayList<>();
    distinct.forEach(
        (type, some) -> {
          List<Example> shuffled = new ArrayList<>(some.values());
          Collections.shuffle(shuffled, random);
          all.addAll(shuffled.subList(0, Math.min(most.getOrDefault(type, 0), shuffled.size())));
        });
    return List.copyOf(all);
  }
}
