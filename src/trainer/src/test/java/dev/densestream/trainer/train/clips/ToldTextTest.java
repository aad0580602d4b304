package dev.densestream.trainer.train.clips;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.prompt.ConversationTemplate;
import dev.densestream.answerservice.prompt.ImagePrompt;
import dev.densestream.answerservice.tokenizer.Tokenizer;
import dev.densestream.trainer.train.TinyModel;
import dev.densestream.trainer.train.lesson.Labels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToldTextTest {
  private static final String QUESTION = "What colour is the circle?";

  private Tokenizer tokenizer;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    tokenizer = TinyModel.tokenizer(folder);
  }

  @AfterEach
  void close() {
    tokenizer.close();
  }

  private String text(long... ids) {
    return tokenizer.decode(Arrays.stream(ids).mapToInt(id -> (int) id).boxed().toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"mistral_instruct", "vicuna_v1", "chatml_direct", "llama_3"})
  void asksAsWhenServing_andLearnsTheAnswerAndItsEnd(String name) {
    ConversationTemplate template = ConversationTemplate.named(name);
    ToldText.Ids ids = new ToldText(tokenizer, template).asked(QUESTION, "Red");
    ImagePrompt served =
        ImagePrompt.of(
            tokenizer, template.prompt(List.of(new Turn(Turn.Role.USER, QUESTION)), true));
    int asked = served.stretches().getLast().size();

    assertThat(Arrays.stream(ids.behind()).limit(asked).mapToInt(id -> (int) id).boxed().toList())
        .isEqualTo(served.stretches().getLast());
    assertThat(ids.targets()).hasSize(ids.behind().length + 1);
    assertThat(Arrays.stream(ids.targets()).limit(asked)).containsOnly((long) Labels.NONE);
    long[] learnt = Arrays.copyOfRange(ids.targets(), asked, ids.targets().length - 1);
    assertThat(learnt).isEqualTo(Arrays.copyOfRange(ids.behind(), asked, ids.behind().length));
    assertThat(text(learnt).strip()).isEqualTo("Red");
    assertThat(ids.targets()[ids.targets().length - 1])
        .isEqualTo((long) tokenizer.endOfSequence().orElseThrow());
    assertThat(ids.learnt()).isEqualTo(learnt.length + 1);
  }

  @Test
  void tellsACaptionRightBehindThePictures() {
    ConversationTemplate template = ConversationTemplate.named("vicuna_v1");
    ToldText.Ids ids = new ToldText(tokenizer, template).plain("a red circle.");

    assertThat(text(ids.targets())).isEqualTo("a red circle.\n");
    assertThat(ids.behind()).isEqualTo(Arrays.copyOf(ids.targets(), ids.targets().length - 1));
    assertThat(ids.learnt()).isEqualTo(ids.targets().length);
  }
}
