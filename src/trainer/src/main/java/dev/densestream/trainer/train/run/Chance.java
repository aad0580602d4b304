package dev.densestream.trainer.train.run;

import dev.densestream.trainer.train.lesson.Lesson;
import dev.densestream.trainer.train.lesson.Lessons;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What guessing gets of what an {@link Examination} asks, as {@code evaluate} has it: of a question
 * with choices one of them at random; of what is told freely always the same, what is right most
 * often.
 */
final class Chance {
  private final Map<String, Guesses> types = new TreeMap<>();
  private final Guesses all = new Guesses();

  private Chance() {}

  /** By question type, and of all questions that an examination's accuracy counts {@code all}. */
  static Map<String, Double> of(Lessons lessons, int frames, int windows) {
    Chance chance = new Chance();
    for (int i = 0; i < windows; i++) {
      lessons.lesson(i, frames, Examination.MOST_QUESTIONS).dialogues().forEach(chance::add);
    }
    Map<String, Double> shares = new TreeMap<>();
    chance.types.forEach((type, guesses) -> shares.put(type, guesses.share()));
    shares.put("all", chance.all.share());
    return shares;
  }

  private void add(Lesson.Dialogue dialogue) {
    types.computeIfAbsent(dialogue.type(), _ -> new Guesses()).add(dialogue);
    if (!Examination.TOLD.contains(dialogue.type())) {
      all.add(dialogue);
    }
  }

  /** About the questions of a type. */
  private static final class Guesses {
    private final Map<String, Integer> told = new HashMap<>();
    private int asked;
    private double luck;

    void add(Lesson.Dialogue dialogue) {
      asked++;
      if (dialogue.choices() > 0) {
        luck += 1.0 / dialogue.choices();
      } else {
        dialogue.answers().forEach(answer -> told.merge(answer, 1, Integer::sum));
      }
    }

    double share() {
      int most = told.values().stream().mapToInt(Integer::intValue).max().orElse(0);
      return asked == 0 ? 0 : (luck + most) / asked;
    }
  }
}
