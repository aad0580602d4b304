package dev.densestream.trainer.language;

import dev.densestream.trainer.world.Facts;
import dev.densestream.trainer.world.Sighting;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Answers to questions that somebody chose, in their own words, where the frames tell them. */
public final class CertainAnswers {
  /** Draws of questions at random: what can be put is not among them by rare bad luck alone. */
  private static final int DRAWS = 150;

  private CertainAnswers() {}

  /**
   * The question with its answer; empty when the frames leave it open, or when it is in no words of
   * the world's questions.
   */
  public static Optional<Example> of(String question, Facts facts) {
    Optional<Description> present = presence(question);
    if (present.isPresent()) {
      return presence(question, present.orElseThrow(), facts);
    }
    for (int draw = 0; draw < DRAWS; draw++) {
      for (Example example : Questions.about(facts, new SplittableRandom(draw))) {
        if (example.question().equals(question) && example.type() != QuestionType.UNKNOWN) {
          return Optional.of(example);
        }
      }
    }
    return Optional.empty();
  }

  /** What a question asks the presence of: too many things are absent to be drawn by chance. */
  private static Optional<Description> presence(String question) {
    for (String template : Wording.PRESENCE.all()) {
      String[] around = template.split("%s", -1);
      if (question.startsWith(around[0]) && question.endsWith(around[1])) {
        int end = question.length() - around[1].length();
        return Claim.described(question.substring(around[0].length(), end));
      }
    }
    return Optional.empty();
  }

  private static Optional<Example> presence(String question, Description wanted, Facts facts) {
    List<Sighting> all = facts.sightings();
    boolean sure = all.stream().anyMatch(one -> one.seen() && wanted.fits(one));
    boolean possible = all.stream().anyMatch(wanted::couldFit);
    if (sure != possible) {
      return Optional.empty();
    }
    return Optional.of(
        new Example(question, Answers.yes(sure), QuestionType.PRESENCE, Answers.YES_NO));
  }
}
