package dev.densestream.trainer.language;

import dev.densestream.trainer.world.Facts;
import java.util.List;
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
}
