package dev.densestream.endtoend.truth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.trainer.language.Captions;
import dev.densestream.trainer.language.Example;
import dev.densestream.trainer.reel.ReelScene;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Who says what was filmed passes {@link TruthIT}; who speaks of other scenes does not. */
class MarksTest {
  private static final Film FILM = TruthIT.FILMS.getFirst();

  @Test
  void marksTheTruthRight_andTheTruthAboutOtherScenesWrong() {
    Marks truth = new Marks(0);
    Marks another = new Marks(6);
    List<ReelScene> scenes = FILM.reel().scenes();
    for (int i = 0; i < scenes.size(); i++) {
      ReelScene scene = scenes.get(i);
      for (Example example : scene.examples()) {
        mark(answer(i, example.question(), example.answer()), truth, another);
      }
      String caption = Captions.of(scene.facts()).orElseThrow();
      mark(answer(i, Film.HAPPENS, caption), truth, another);
    }

    assertThat(truth.right()).isEqualTo(1);
    assertThat(truth.trueCaptions()).isEqualTo(1);
    assertThat(another.right()).isLessThan(TruthIT.CHANCE);
    assertThat(another.trueCaptions()).isLessThan(TruthIT.CHANCE);
  }

  private static void mark(JsonNode answer, Marks... all) {
    for (Marks marks : all) {
      marks.mark(FILM, answer);
    }
  }

  private static JsonNode answer(int scene, String question, String text) {
    ObjectNode event = JsonMapper.shared().createObjectNode();
    ObjectNode data = event.putObject("data");
    data.putObject("window").put("startMicros", FILM.startMicros(scene));
    data.putObject("question").put("text", question);
    data.put("text", text);
    return event;
  }
}
