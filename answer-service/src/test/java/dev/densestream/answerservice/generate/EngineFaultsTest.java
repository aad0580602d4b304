package dev.densestream.answerservice.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.VisualContext;
import dev.densestream.answerservice.tokenizer.Tokenizer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What goes wrong with one question is that question's alone. */
@Timeout(120)
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
class EngineFaultsTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String BAD = "Zyzzyva?";

  @Test
  void failsOneQuestion_whenTheTokenizerBreaksOnIt_andAnswersTheNext() {
    try (GoldenModel golden =
            new GoldenModel(EngineSettings.defaults(Set.of(2)), EngineFaultsTest::breaking);
        VisualContext context = golden.engine.context(GoldenModel.visual("image"))) {
      assertThat(last(golden, context, BAD))
          .isInstanceOfSatisfying(
              AnswerEvent.Failed.class,
              failed -> assertThat(failed.code()).isEqualTo("model_failed"));
      assertThat(last(golden, context, "Why?")).isInstanceOf(AnswerEvent.Finished.class);
      assertThat(golden.engine.computing()).isLessThan(LIMIT);
    }
  }

  /** The control: the question itself can be answered. */
  @Test
  void answersTheSameQuestion_whereTheTokenizerIsWhole() {
    try (GoldenModel golden = new GoldenModel();
        VisualContext context = golden.engine.context(GoldenModel.visual("image"))) {
      assertThat(last(golden, context, BAD)).isInstanceOf(AnswerEvent.Finished.class);
    }
  }

  private static AnswerEvent last(GoldenModel golden, VisualContext context, String question) {
    AnswerEvent last =
        golden
            .engine
            .answer(context, List.of(Turn.user(question)), GenerationSettings.greedy(4))
            .blockLast(LIMIT);
    assertThat(last).isNotNull();
    return last;
  }

  /** Throws what no caller made, as native code may. */
  private static Tokenizer breaking(Tokenizer whole) {
    return (Tokenizer)
        Proxy.newProxyInstance(
            Tokenizer.class.getClassLoader(),
            new Class<?>[] {Tokenizer.class},
            (_, method, arguments) -> {
              if (arguments != null && arguments[0] instanceof String text && text.contains(BAD)) {
                throw new IllegalStateException("the native tokenizer broke");
              }
              try {
                return method.invoke(whole, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
