package dev.densestream.answerservice.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerTextTest {
  private static List<String> pieces(AnswerText text, String... tokens) {
    List<String> pieces = new ArrayList<>();
    for (String token : tokens) {
      pieces.add(text.accept(token));
    }
    pieces.add(text.finish());
    pieces.removeIf(String::isEmpty);
    return pieces;
  }

  @Test
  void givesNothingOfAStopText_whenItComesInPieces() {
    AnswerText text = new AnswerText(List.of("###", "</s>"));

    assertThat(pieces(text, "A do", "g.#", "#", "# Human: more")).containsExactly("A do", "g.");
    assertThat(text.stopped()).isTrue();
    assertThat(text.text()).isEqualTo("A dog.");
  }

  @Test
  void givesWhatWasHeld_whenItTurnsOutNotToBeAStopText() {
    AnswerText text = new AnswerText(List.of("###"));

    assertThat(pieces(text, "a#", "#b", "##")).containsExactly("a", "##b", "##");
    assertThat(text.stopped()).isFalse();
  }

  @Test
  void endsAtTheEarliestStopText_whenTwoAreComplete() {
    AnswerText text = new AnswerText(List.of("world", "lo"));

    pieces(text, "hello world");
    assertThat(text.text()).isEqualTo("hel");
  }

  @Test
  void stripsBlanksAtBothEnds_andKeepsThoseBetween() {
    AnswerText text = new AnswerText(List.of());

    assertThat(String.join("", pieces(text, " ", "\n a", "  ", "b ", "\n"))).isEqualTo("a  b");
    assertThat(text.text()).isEqualTo("a  b");
  }

  @Test
  void ignoresAnEmptyStopText() {
    AnswerText text = new AnswerText(List.of(""));

    pieces(text, "ok");
    assertThat(text.text()).isEqualTo("ok");
  }
}
