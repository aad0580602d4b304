package dev.densestream.answerservice.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.Turn;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TurnsTest {
  @ParameterizedTest
  @CsvSource({
    "Is it <image> red?,'Is it  red?'",
    "a<im<image>age>b,ab",
    "<i<im<image>age>mage><image>,''",
    "<ima<image><image>ge>?,?",
    // The controls: what is no placeholder stays, to the letter.
    "a <im> b <image b image>,a <im> b <image b image>",
    "<<image>>,<>",
  })
  void dropsWhatWouldStandForAPicture_howeverItIsMade(String text, String left) {
    assertThat(Turns.withPictures(List.of(Turn.user(text)), false))
        .containsExactly(Turn.user(left));
    assertThat(Turns.withPictures(List.of(Turn.user(text)), true))
        .containsExactly(Turn.user("<image>\n" + left));
  }

  /** One pass, not one for each layer. */
  @Test
  void dropsNestedPlaceholders_ofAnyDepth() {
    String nested = "<im".repeat(100_000) + "<image>" + "age>".repeat(100_000);
    assertThat(Turns.withPictures(List.of(Turn.user("a" + nested + "b")), false))
        .containsExactly(Turn.user("ab"));
  }
}
