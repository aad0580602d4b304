package dev.densestream.endtoend.truth;

import dev.densestream.trainer.language.CaptionCheck;
import dev.densestream.trainer.language.Example;
import dev.densestream.trainer.reel.ReelScene;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** How many answers tell the truth about a scene: the one that was filmed, or another. */
final class Marks {
  private final int scenesFurther;
  private final List<String> wrong = new ArrayList<>();
  private int answers;
  private int captions;
  private int wrongCaptions;

  /**
   * Of the scene that many behind the one filmed.
   *
   * @param scenesFurther 0 for the one filmed
   */
  Marks(int scenesFurther) {
    this.scenesFurther = scenesFurther;
  }

  void mark(Film film, JsonNode event) {
    JsonNode answer = event.path("data");
    int filmed = film.scene(answer.at("/window/startMicros").asLong());
    List<ReelScene> scenes = film.reel().scenes();
    ReelScene scene = scenes.get((filmed + scenesFurther) % scenes.size());
    String question = answer.at("/question/text").asString();
    String said = answer.path("text").asString("");
    if (question.equals(Film.HAPPENS)) {
      captions++;
      boolean holds =
          CaptionCheck.check(said, scene.facts()).stream().allMatch(CaptionCheck.Verdict::holds);
      wrongCaptions += note(holds, filmed, question, said, "nothing but what is true");
    } else {
      answers++;
      String right =
          scene.examples().stream()
              .filter(example -> example.question().equals(question))
              .map(Example::answer)
              .findFirst()
              .orElseThrow();
      note(said.toLowerCase(Locale.ROOT).equals(right), filmed, question, said, right);
    }
  }

  private int note(boolean right, int scene, String question, String said, String wanted) {
    if (!right) {
      wrong.add("scene %d: %s %s (right: %s)".formatted(scene, question, said, wanted));
    }
    return right ? 0 : 1;
  }

  /** Share of right answers, captions aside. */
  double right() {
    return 1 - (double) (wrong.size() - wrongCaptions) / answers;
  }

  /** Share of captions of which every sentence is true. */
  double trueCaptions() {
    return 1 - (double) wrongCaptions / captions;
  }

  /** For people who look for the reason. */
  @Override
  public String toString() {
    return String.join("\n", wrong);
  }
}
