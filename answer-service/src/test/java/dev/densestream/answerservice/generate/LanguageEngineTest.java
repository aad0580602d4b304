package dev.densestream.answerservice.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerEvent.Begun;
import dev.densestream.answerservice.AnswerEvent.FinishReason;
import dev.densestream.answerservice.AnswerEvent.Finished;
import dev.densestream.answerservice.AnswerEvent.Token;
import dev.densestream.answerservice.AnswerFormat;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.VisualContext;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.subscriber.TestSubscriber;

@Timeout(60)
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
class LanguageEngineTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static List<AnswerEvent> events(Flux<AnswerEvent> answer) {
    List<AnswerEvent> events = answer.collectList().block(LIMIT);
    assertThat(events).isNotNull();
    return events == null ? List.of() : events;
  }

  private static Finished finished(Flux<AnswerEvent> answer) {
    return (Finished) events(answer).getLast();
  }

  private static String tokens(List<AnswerEvent> events) {
    return events.stream()
        .filter(Token.class::isInstance)
        .map(event -> ((Token) event).text())
        .collect(Collectors.joining());
  }

  @ParameterizedTest
  @ValueSource(strings = {"image", "image2", "video_pool", "video"})
  void answersAsTheOriginal(String run) {
    try (GoldenModel golden = new GoldenModel();
        VisualContext context = golden.engine.context(GoldenModel.visual(run))) {
      List<AnswerEvent> events =
          events(
              golden.engine.answer(
                  context, GoldenModel.question(run), GenerationSettings.greedy(24)));

      Finished end = (Finished) events.getLast();
      assertThat(end.text()).isEqualTo(GoldenModel.text(run));
      assertThat(tokens(events)).isEqualTo(end.text());
      assertThat(end.reason()).isEqualTo(FinishReason.LENGTH);
      assertThat(end.usage().promptTokens()).isEqualTo(GoldenModel.sequence(run));
      assertThat(end.usage().completionTokens()).isEqualTo(24);
    }
  }

  @Test
  void answersTheSame_whenPrefillComesInSmallPieces() {
    EngineSettings pieces =
        new EngineSettings(8, 8, 4096, 7, Integer.MAX_VALUE, Integer.MAX_VALUE, Set.of(2));
    try (GoldenModel golden = new GoldenModel(pieces);
        VisualContext context = golden.engine.context(GoldenModel.visual("video"))) {
      Finished end =
          finished(
              golden.engine.answer(
                  context, GoldenModel.question("video"), GenerationSettings.greedy(24)));

      assertThat(end.text()).isEqualTo(GoldenModel.text("video"));
    }
  }

  @Test
  void sharesThePrefix_whenASecondQuestionIsAskedOfTheSamePictures() {
    try (GoldenModel golden = new GoldenModel();
        VisualContext context = golden.engine.context(GoldenModel.visual("image"))) {
      Finished other =
          finished(
              golden.engine.answer(
                  context, List.of(Turn.user("Why?")), GenerationSettings.greedy(5)));
      Finished end =
          finished(
              golden.engine.answer(
                  context, GoldenModel.question("image"), GenerationSettings.greedy(24)));

      assertThat(other.usage().sharedPrefixTokens()).isZero();
      assertThat(end.usage().sharedPrefixTokens()).isGreaterThan(16);
      assertThat(end.text()).isEqualTo(GoldenModel.text("image"));
      double prompts = other.usage().promptTokens() + end.usage().promptTokens();
      assertThat(golden.count("densestream.language.prefill.tokens"))
          .isEqualTo(prompts - end.usage().sharedPrefixTokens());
    }
  }

  @Test
  void answersEachAsAlone_whenManyRunAtOnce() {
    try (GoldenModel golden = new GoldenModel();
        VisualContext image = golden.engine.context(GoldenModel.visual("image"));
        VisualContext video = golden.engine.context(GoldenModel.visual("video"))) {
      List<Finished> ends =
          Flux.range(0, 12)
              .flatMap(
                  i ->
                      i % 2 == 0
                          ? golden.engine.answer(
                              image, GoldenModel.question("image"), GenerationSettings.greedy(24))
                          : golden.engine.answer(
                              video, GoldenModel.question("video"), GenerationSettings.greedy(24)),
                  12,
                  2)
              .ofType(Finished.class)
              .collectList()
              .block(LIMIT);

      assertThat(ends)
          .hasSize(12)
          .extracting(Finished::text)
          .containsOnly(GoldenModel.text("image"), GoldenModel.text("video"));
    }
  }

  @Test
  void answersWithoutPictures() {
    try (GoldenModel golden = new GoldenModel();
        VisualContext context = golden.engine.context(List.of())) {
      Finished end =
          finished(
              golden.engine.answer(
                  context,
                  List.of(
                      Turn.user("Hello"),
                      new Turn(Turn.Role.ASSISTANT, "Hi."),
                      Turn.user("Who are you?")),
                  GenerationSettings.greedy(4)));

      assertThat(end.usage().visualTokens()).isZero();
      assertThat(end.usage().completionTokens()).isEqualTo(4);
    }
  }

  @Test
  void endsAtAStopId_andLeavesItOut() {
    EngineSettings stop = EngineSettings.defaults(Set.of(592));
    try (GoldenModel golden = new GoldenModel(stop);
        VisualContext context = golden.engine.context(GoldenModel.visual("image"))) {
      Finished end =
          finished(
              golden.engine.answer(
                  context, GoldenModel.question("image"), GenerationSettings.greedy(24)));

      assertThat(end.reason()).isEqualTo(FinishReason.STOP);
      assertThat(end.usage().completionTokens()).isEqualTo(6);
      assertThat(GoldenModel.text("image")).startsWith(end.text());
    }
  }

  @Test
  void leaksNothingOfAStopText() {
    String whole = GoldenModel.text("image");
    int at = whole.indexOf("H5");
    try (GoldenModel golden = new GoldenModel();
        VisualContext context = golden.engine.context(GoldenModel.visual("image"))) {
      List<AnswerEvent> events =
          events(
              golden.engine.answer(
                  context,
                  GoldenModel.question("image"),
                  new GenerationSettings(24, 0, 1, 0, List.of("H5"), AnswerFormat.text())));

      Finished end = (Finished) events.getLast();
      assertThat(end.reason()).isEqualTo(FinishReason.STOP);
      assertThat(end.text()).isEqualTo(whole.substring(0, at).strip());
      assertThat(tokens(events)).isEqualTo(end.text());
    }
  }

  @Test
  void computesNothing_withoutDemand() {
    try (GoldenModel golden = new GoldenModel();
        VisualContext context = golden.engine.context(GoldenModel.visual("image"))) {
      StepVerifier.create(
              golden.engine.answer(
                  context, GoldenModel.question("image"), GenerationSettings.greedy(24)),
              0)
          .expectSubscription()
          .then(() -> assertThat(golden.count("densestream.language.prefill.tokens")).isZero())
          .thenRequest(1)
          .expectNextMatches(Begun.class::isInstance)
          .thenRequest(1)
          .expectNextMatches(Token.class::isInstance)
          .then(() -> assertThat(golden.count("densestream.language.decode.tokens")).isLessThan(4))
          .thenRequest(Long.MAX_VALUE)
          .thenConsumeWhile(Token.class::isInstance)
          .expectNextMatches(Finished.class::isInstance)
          .expectComplete()
          .verify(LIMIT);
    }
  }

  @Test
  void rejects_whenSlotsAndQueueAreFull_andAnswersAgainAfterACancel() {
    EngineSettings narrow =
        new EngineSettings(1, 1, 4096, 512, Integer.MAX_VALUE, Integer.MAX_VALUE, Set.of(2));
    try (GoldenModel golden = new GoldenModel(narrow);
        VisualContext context = golden.engine.context(GoldenModel.visual("image"))) {
      Flux<AnswerEvent> answer =
          golden.engine.answer(
              context, GoldenModel.question("image"), GenerationSettings.greedy(24));
      TestSubscriber<AnswerEvent> runs = holding(answer);
      TestSubscriber<AnswerEvent> waits = holding(answer);

      assertThat(events(answer)).singleElement().isInstanceOf(AnswerEvent.Rejected.class);
      runs.cancel();
      Finished end =
          finished(answer.flatMap(LanguageEngineTest::failIfRejected, 1, 1).retry(1_000_000));
      assertThat(end.text()).isEqualTo(GoldenModel.text("image"));
      assertThat(golden.count("densestream.language.answers", "outcome", "cancelled")).isOne();
      assertThat(runs.getReceivedOnNext()).isEmpty();
      waits.cancel();
    }
  }

  private static TestSubscriber<AnswerEvent> holding(Flux<AnswerEvent> answer) {
    TestSubscriber<AnswerEvent> subscriber = TestSubscriber.builder().initialRequest(0).build();
    answer.subscribe(subscriber);
    return subscriber;
  }

  private static Flux<AnswerEvent> failIfRejected(AnswerEvent event) {
    return event instanceof AnswerEvent.Rejected
        ? Flux.error(new IllegalStateException("rejected"))
        : Flux.just(event);
  }

  @Test
  void failsWithACode_whenThePromptIsTooLong() {
    String words = "word ".repeat(5000);
    try (GoldenModel golden = new GoldenModel();
        VisualContext context = golden.engine.context(GoldenModel.visual("image"))) {
      List<AnswerEvent> events =
          events(
              golden.engine.answer(
                  context, List.of(Turn.user(words)), GenerationSettings.greedy(1)));

      assertThat(events)
          .singleElement()
          .isInstanceOfSatisfying(
              AnswerEvent.Failed.class,
              failed -> assertThat(failed.code()).isEqualTo("context_too_long"));
    }
  }

  @Test
  void freesEverything_whenContextsAndEngineAreClosed() {
    GoldenModel golden = new GoldenModel();
    long before = golden.runtime.liveHandles();
    VisualContext context = golden.engine.context(GoldenModel.visual("image"));
    finished(
        golden.engine.answer(context, GoldenModel.question("image"), GenerationSettings.greedy(3)));
    assertThat(golden.gauge("densestream.language.kv.rows")).isGreaterThan(16);

    context.close();
    assertThat(golden.gauge("densestream.language.kv.rows")).isZero();
    assertThat(golden.runtime.liveHandles()).isEqualTo(before);
    golden.engine.close();
    assertThat(golden.runtime.liveHandles()).isZero();
    golden.runtime.close();
  }

  @Test
  void answersAll_whenOnlyOneWindowFitsIntoTheCache() {
    int rows = GoldenModel.sequence("video") + 24;
    EngineSettings tight =
        new EngineSettings(8, 8, rows, 512, Integer.MAX_VALUE, Integer.MAX_VALUE, Set.of(2));
    try (GoldenModel golden = new GoldenModel(tight);
        VisualContext image = golden.engine.context(GoldenModel.visual("image"));
        VisualContext video = golden.engine.context(GoldenModel.visual("video"))) {
      List<String> texts =
          Flux.range(0, 8)
              .flatMap(
                  i ->
                      i % 2 == 0
                          ? golden.engine.answer(
                              image, GoldenModel.question("image"), GenerationSettings.greedy(24))
                          : golden.engine.answer(
                              video, GoldenModel.question("video"), GenerationSettings.greedy(24)),
                  8,
                  2)
              .ofType(Finished.class)
              .map(Finished::text)
              .collectList()
              .block(LIMIT);

      assertThat(texts)
          .hasSize(8)
          .containsOnly(GoldenModel.text("image"), GoldenModel.text("video"));
      assertThat(golden.count("densestream.language.kv.evictions")).isPositive();
    }
  }

  @Test
  void letsGoWhoLeaves_behindOneThatFindsNoRoom() {
    int rows = GoldenModel.sequence("video") + 24;
    EngineSettings tight =
        new EngineSettings(8, 8, rows, 512, Integer.MAX_VALUE, Integer.MAX_VALUE, Set.of(2));
    try (GoldenModel golden = new GoldenModel(tight);
        VisualContext video = golden.engine.context(GoldenModel.visual("video"));
        VisualContext image = golden.engine.context(GoldenModel.visual("image"))) {
      TestSubscriber<AnswerEvent> holds = TestSubscriber.builder().initialRequest(0).build();
      golden
          .engine
          .answer(video, GoldenModel.question("video"), GenerationSettings.greedy(24))
          .subscribe(holds);
      holds.request(1);
      await(() -> !holds.getReceivedOnNext().isEmpty());
      Flux<AnswerEvent> other =
          golden.engine.answer(image, GoldenModel.question("image"), GenerationSettings.greedy(24));
      TestSubscriber<AnswerEvent> stands = TestSubscriber.create();
      other.subscribe(stands);
      TestSubscriber<AnswerEvent> leaves = TestSubscriber.create();
      other.subscribe(leaves);
      leaves.cancel();

      await(
          () ->
              golden
                      .meters
                      .find("densestream.language.answers")
                      .tag("outcome", "cancelled")
                      .counter()
                  != null);
      assertThat(stands.getReceivedOnNext()).isEmpty();
      holds.request(Long.MAX_VALUE);
      stands.block(LIMIT);
      assertThat(((Finished) stands.getReceivedOnNext().getLast()).text())
          .isEqualTo(GoldenModel.text("image"));
    }
  }

  @Test
  void failsWithACode_whenTheCacheCouldNeverHoldTheAnswer() {
    EngineSettings small =
        new EngineSettings(8, 8, 20, 512, Integer.MAX_VALUE, Integer.MAX_VALUE, Set.of(2));
    try (GoldenModel golden = new GoldenModel(small);
        VisualContext context = golden.engine.context(GoldenModel.visual("image"))) {
      assertThat(
              events(
                  golden.engine.answer(
                      context, GoldenModel.question("image"), GenerationSettings.greedy(24))))
          .singleElement()
          .isInstanceOfSatisfying(
              AnswerEvent.Failed.class,
              failed -> assertThat(failed.code()).isEqualTo("kv_cache_too_small"));
    }
  }

  @Test
  void keepsTheContext_untilTheLastAnswerHasEnded() {
    try (GoldenModel golden = new GoldenModel()) {
      VisualContext context = golden.engine.context(GoldenModel.visual("image"));
      long before = golden.runtime.liveHandles();
      StepVerifier.create(
              golden.engine.answer(
                  context, GoldenModel.question("image"), GenerationSettings.greedy(24)),
              1)
          .expectNextCount(1)
          .then(context::close)
          .thenRequest(Long.MAX_VALUE)
          .thenConsumeWhile(Token.class::isInstance)
          .expectNextMatches(
              event ->
                  event instanceof Finished end && end.text().equals(GoldenModel.text("image")))
          .expectComplete()
          .verify(LIMIT);

      assertThat(golden.runtime.liveHandles()).isEqualTo(before);
      assertThat(golden.gauge("densestream.language.kv.rows")).isZero();
      assertThat(
              events(
                  golden.engine.answer(
                      context, GoldenModel.question("image"), GenerationSettings.greedy(1))))
          .singleElement()
          .isInstanceOf(AnswerEvent.Failed.class);
    }
  }
}
