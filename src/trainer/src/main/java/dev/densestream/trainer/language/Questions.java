package dev.densestream.trainer.language;

import dev.densestream.trainer.world.Facts;
import java.util.ArrayList;
import java.util.Collections;
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
   * About order alone: each pair of beginnings in several wordings, under several names.
   *
   * @param most of all that there are
   */
  public static List<Example> ofOrder(Facts facts, RandomGenerator random, int most) {
    Map<String, Example> distinct = new LinkedHashMap<>();
    if (!facts.scene().isForeign() && facts.known()) {
      for (int again = 0; again < most; again++) {
        Asking asking = new Asking(facts, random);
        OrderQuestions.ask(asking);
        asking.asked().forEach(one -> distinct.putIfAbsent(one.question(), one));
      }
    }
    List<Example> all = new ArrayList<>(distinct.values());
    Collections.shuffle(all, random);
    return List.copyOf(all.subList(0, Math.min(most, all.size())));
  }
}
