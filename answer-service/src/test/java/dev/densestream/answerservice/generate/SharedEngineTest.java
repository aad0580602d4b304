package dev.densestream.answerservice.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerEvent.Begun;
import dev.densestream.answerservice.AnswerEvent.Finished;
import dev.densestream.answerservice.AnswerEvent.Token;
import dev.densestream.answerservice.AnswerFormat;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.VisualContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.subscriber.TestSubscriber;

/** What many askers may rely on when they share one engine. */
@Timeout(180)
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
class SharedEngineTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final List<String> QUESTIONS =
      List.of(
          "What is it?",
          "What colour is the car at the left?",
          "How many?",
          "Is anybody in the picture, and if so, what are they doing?",
          "Why?",
          "Describe the scene in a few words.",
          "What moves?",
          "Where is the dog?");

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static Flux<AnswerEvent> ask(GoldenModel golden, VisualContext context, String question) {
    return golden.engine.answer(
        context, List.of(Turn.user(question)), GenerationSettings.greedy(24));
  }

  /** Every event but what it cost: the pieces tell the tokens apart. */
  private static List<String> said(List<AnswerEvent> events) {
    return events.stream()
        .map(
            event ->
                switch (event) {
                  case Token(String text) -> text;
                  case Finished end -> end.text() + end.reason() + end.usage().completionTokens();
                  default -> event.toString();
                })
        .toList();
  }

  @Test
  void tellsForHowLongTheModelHasNotReturned() {
    try (GoldenModel golden = new GoldenModel();
        VisualContext context = golden.engine.context(GoldenModel.visual("video"))) {
      assertThat(golden.engine.computing()).isZero();
      Disposable asking = ask(golden, context, "Why?").repeat().subscribe();
      await(() -> golden.engine.computing().isPositive());
      asking.dispose();
      await(() -> golden.engine.computing().isZero());
    }
  }

  @Test
  void answersEightQuestionsOfOneWindow_tokenForTokenAsOneAtATime() {
    try (GoldenModel golden = new GoldenModel();
        VisualContext one = golden.engine.context(GoldenModel.visual("video"));
        VisualContext other = golden.engine.context(GoldenModel.visual("video"))) {
      List<List<String>> alone =
          Flux.fromIterable(QUESTIONS)
              .concatMap(question -> ask(golden, one, question).collectList())
              .map(SharedEngineTest::said)
              .collectList()
              .block(LIMIT);
      assertThat(golden.meters.get("densestream.language.decode.together").summary().max())
          .as("the control: nothing was run together")
          .isOne();
      List<List<String>> together =
          Flux.fromIterable(QUESTIONS)
              .flatMapSequential(question -> ask(golden, other, question).collectList(), 8)
              .map(SharedEngineTest::said)
              .collectList()
              .block(LIMIT);

      assertThat(together).hasSize(8).isEqualTo(alone).doesNotHaveDuplicates();
      assertThat(golden.meters.get("densestream.language.decode.together").summary().max())
          .isGreaterThan(1);
    }
  }

  @Test
  void freesSlotAndPlaces_whenAnAskerLeavesInTheMiddle() {
    EngineSettings one =
        new EngineSettings(1, 4, 4096, 512, Integer.MAX_VALUE, Integer.MAX_VALUE, Set.of(2));
    try (GoldenModel golden = new GoldenModel(one);
        VisualContext context = golden.engine.context(GoldenModel.visual("image"))) {
      TestSubscriber<AnswerEvent> leaves = TestSubscriber.builder().initialRequest(3).build();
      ask(golden, context, "What is it?").subscribe(leaves);
      await(() -> leaves.getReceivedOnNext().size() == 3);
      assertThat(leaves.getReceivedOnNext().getFirst()).isInstanceOf(Begun.class);
      assertThat(golden.gauge("densestream.language.running")).isOne();
      double withAnswer = golden.gauge("densestream.language.kv.rows");

      leaves.cancel();
      await(() -> golden.gauge("densestream.language.running") == 0);
      // What is left is the prefix, kept for the window's next question.
      double prefix = golden.gauge("densestream.language.kv.rows");
      assertThat(prefix).isPositive().isLessThan(withAnswer - 20);
      List<AnswerEvent> next = ask(golden, context, "Why?").collectList().block(LIMIT);
      assertThat(next).last().isInstanceOf(Finished.class);
      assertThat(golden.gauge("densestream.language.kv.rows")).isEqualTo(prefix);
    }
  }

  @Test
  void keepsThePrefix_untilTheLastOfItsQuestionsEnds() {
    try (GoldenModel golden = new GoldenModel()) {
      VisualContext context = golden.engine.context(GoldenModel.visual("image"));
      TestSubscriber<AnswerEvent> first = TestSubscriber.builder().initialRequest(2).build();
      TestSubscriber<AnswerEvent> last = TestSubscriber.builder().initialRequest(2).build();
      ask(golden, context, "What is it?").subscribe(first);
      ask(golden, context, "Why?").subscribe(last);
      await(() -> first.getReceivedOnNext().size() + last.getReceivedOnNext().size() == 4);
      context.close();

      first.request(Long.MAX_VALUE);
      first.block(LIMIT);
      assertThat(golden.gauge("densestream.language.kv.rows")).as("still read").isPositive();
      last.request(Long.MAX_VALUE);
      last.block(LIMIT);
      await(() -> golden.gauge("densestream.language.kv.rows") == 0);
    }
  }

  @Test
  void neverTakesMoreThanTheBudget_whoeverAsks() {
    int rows = GoldenModel.sequence("video") + 40;
    EngineSettings tight =
        new EngineSettings(8, 32, rows, 16, Integer.MAX_VALUE, Integer.MAX_VALUE, Set.of(2));
    try (GoldenModel golden = new GoldenModel(tight);
        VisualContext image = golden.engine.context(GoldenModel.visual("image"));
        VisualContext video = golden.engine.context(GoldenModel.visual("video"))) {
      long handles = golden.runtime.liveHandles();
      double[] most = {0};
      List<AnswerFormat> formats =
          List.of(
              AnswerFormat.text(),
              new AnswerFormat.YesNo(),
              new AnswerFormat.Choices(List.of("a car", "a dog")),
              AnswerFormat.Json.object());
      List<AnswerEvent> ends =
          Flux.range(0, 32)
              .flatMap(
                  i ->
                      golden
                          .engine
                          .answer(
                              i % 3 == 0 ? video : image,
                              List.of(Turn.user(QUESTIONS.get(i % 8))),
                              GenerationSettings.greedy(12, formats.get(i % 4)))
                          .doOnNext(
                              _ ->
                                  most[0] =
                                      Math.max(
                                          most[0], golden.gauge("densestream.language.kv.rows")))
                          .last(),
                  32,
                  1)
              .collectList()
              .block(LIMIT);

      assertThat(ends).hasSize(32).allMatch(Finished.class::isInstance);
      assertThat(most[0]).isBetween(rows / 2.0, (double) rows);
      assertThat(golden.gauge("densestream.language.kv.capacity")).isEqualTo(rows);
      assertThat(golden.runtime.liveHandles()).isEqualTo(handles);
    }
  }

  /** Prompts that come while others answer are run in pieces of a quarter, tokens between them. */
  @Test
  void goesOnAnswering_whileALongPromptIsTakenIn() {
    EngineSettings pieces =
        new EngineSettings(4, 4, 8192, 32, Integer.MAX_VALUE, Integer.MAX_VALUE, Set.of());
    try (GoldenModel golden = new GoldenModel(pieces);
        VisualContext context = golden.engine.context(List.of())) {
      TestSubscriber<AnswerEvent> answers = TestSubscriber.create();
      golden
          .engine
          .answer(context, List.of(Turn.user("What is it?")), GenerationSettings.greedy(400))
          .subscribe(answers);
      await(() -> answers.getReceivedOnNext().size() > 2);
      // Counted by the engine's thread itself, between two of its rounds.
      List<Double> decoded = new ArrayList<>();
      Finished end =
          (Finished)
              golden
                  .engine
                  .answer(
                      context, List.of(Turn.user("word ".repeat(60))), GenerationSettings.greedy(1))
                  .doOnNext(_ -> decoded.add(golden.count("densestream.language.decode.tokens")))
                  .blockLast(LIMIT);

      assertThat(end).isNotNull();
      int pieceCount = Math.ceilDiv(end == null ? 0 : end.usage().promptTokens(), 32 / 4);
      assertThat(pieceCount).isGreaterThan(8);
      assertThat(decoded.getLast() - decoded.getFirst())
          .isBetween(pieceCount - 2.0, pieceCount + 2.0);
      answers.cancel();
    }
  }
}
