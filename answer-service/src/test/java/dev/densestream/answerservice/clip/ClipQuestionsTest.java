package dev.densestream.answerservice.clip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerFormat;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.VisualBudget;
import dev.densestream.answerservice.clip.ClipQuestions.Asked;
import dev.densestream.answerservice.clip.ClipQuestions.Outcome;
import dev.densestream.ingest.Media;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Questions about one clip, whose frames are looked at once. */
class ClipQuestionsTest {
  private static final Media MEDIA = new Media.Bytes(new byte[1]);
  private static final AskSettings SETTINGS =
      new AskSettings(4, VisualBudget.UNBOUNDED, GenerationSettings.greedy(8));
  private final CountingModel model = new CountingModel();

  private List<Outcome> ask(int frames, int questions) {
    Asked asked = new Asked("What?", AnswerFormat.text());
    return new ClipQuestions(new ScriptedSampler(frames, 250_000), model.model())
        .ask(MEDIA, Collections.nCopies(questions, asked), SETTINGS)
        .collectList()
        .blockOptional(Duration.ofSeconds(20))
        .orElseThrow();
  }

  @Test
  void showsTheFramesToAllQuestionsOnce_andGivesThemBack() {
    List<Outcome> outcomes = ask(4, 20);

    assertThat(outcomes).hasSize(20).containsOnly(new Outcome.Answered("4 frames"));
    assertThat(model.contexts).hasValue(1);
    assertThat(model.openContexts).hasValue(0);
  }

  @Test
  void refusesAQuestionAlone_whenTheModelFailsOnIt() {
    model.answerNextWith(new AnswerEvent.Failed("context_too_long", "Too long."));

    assertThat(ask(4, 3))
        .containsExactly(
            new Outcome.Refused("context_too_long", "Too long."),
            new Outcome.Answered("4 frames"),
            new Outcome.Answered("4 frames"));
    assertThat(model.openContexts).hasValue(0);
  }

  @Test
  void refusesTheClipOnce_whenItHasNoFrames() {
    assertThat(ask(0, 3))
        .containsExactly(new Outcome.Refused("no_frames", "The video has no frame to look at."));
    assertThat(model.contexts).hasValue(0);
  }
}
