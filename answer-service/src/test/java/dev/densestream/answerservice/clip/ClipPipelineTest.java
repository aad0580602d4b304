package dev.densestream.answerservice.clip;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.VisualBudget;
import dev.densestream.framesampler.MediaRefusal;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.PtsRange;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class ClipPipelineTest {
  private static final Media MEDIA = new Media.Bytes(new byte[1]);
  private static final CaptionSettings SECONDS = captions(VisualBudget.UNBOUNDED);
  private final CountingModel model = new CountingModel();

  @Test
  void captionsEachWindowInOrder_andCutsTheLastAtTheEndOfTheMedia() {
    List<ClipEvent> events = caption(new ScriptedSampler(10, 250_000));

    ClipResult result = result(events);
    assertThat(result.texts())
        .extracting(TimedText::range, TimedText::text)
        .containsExactly(
            tuple(new PtsRange(0, 1_000_000), "4 frames"),
            tuple(new PtsRange(1_000_000, 2_000_000), "4 frames"),
            tuple(new PtsRange(2_000_000, 2_500_000), "2 frames"));
    assertThat(result.texts().getLast().framePtsMicros()).containsExactly(2_000_000L, 2_250_000L);
    assertThat(events.stream().filter(ClipEvent.Captioned.class::isInstance)).hasSize(3);
    assertThat(model.openContexts).hasValue(0);
  }

  @Test
  void takesASliverAtTheEndIntoTheWindowBeforeIt() {
    // 2.2 s: what is behind 2.0 s is shorter than a quarter of the window.
    ClipResult result = result(caption(new ScriptedSampler(11, 200_000)));

    assertThat(result.texts())
        .extracting(TimedText::range, TimedText::text)
        .containsExactly(
            tuple(new PtsRange(0, 1_000_000), "5 frames"),
            // As many frames as any window has, from all of it.
            tuple(new PtsRange(1_000_000, 2_200_000), "4 frames"));
    assertThat(result.texts().getLast().framePtsMicros())
        .containsExactly(1_000_000L, 1_200_000L, 1_600_000L, 2_000_000L);
  }

  @Test
  void leavesAQuarterOfAWindowAtTheEndAWindowOfItsOwn() {
    // 2.25 s, with one frame behind 2.0 s: no frame shows that the window lasts, only the end does.
    ClipResult result = result(caption(new ScriptedSampler(9, 250_000)));

    assertThat(result.texts().getLast().range()).isEqualTo(new PtsRange(2_000_000, 2_250_000));
    assertThat(result.texts()).hasSize(3);
  }

  @Test
  void leavesAShortMediaItsOnlyWindow() {
    assertThat(result(caption(new ScriptedSampler(1, 100_000))).texts())
        .extracting(TimedText::range)
        .containsExactly(new PtsRange(0, 100_000));
  }

  @Test
  void refusesToCaptionAClipWithoutFrames() {
    assertThat(caption(new ScriptedSampler(0, 1)))
        .singleElement()
        .isInstanceOfSatisfying(
            ClipEvent.Refused.class, refused -> assertThat(refused.code()).isEqualTo("no_frames"));
  }

  @Test
  void leavesWindowsWithoutFramesOut() {
    List<ClipEvent> events = caption(new ScriptedSampler(2, 3_000_000));

    assertThat(((ClipEvent.Finished) events.getLast()).result().texts())
        .extracting(text -> text.range().startMicros())
        .containsExactly(0L, 3_000_000L);
  }

  @Test
  void reportsProgressUpToTheWhole() {
    List<Double> fractions =
        caption(new ScriptedSampler(4, 250_000)).stream()
            .filter(ClipEvent.Progress.class::isInstance)
            .map(event -> ((ClipEvent.Progress) event).fraction())
            .toList();

    assertThat(fractions).containsExactly(0.0, 0.25, 0.5, 0.75);
  }

  @Test
  void decodesNoFurtherThanDemanded() {
    ScriptedSampler endless = new ScriptedSampler(Long.MAX_VALUE / 250_000, 250_000);

    StepVerifier.create(new ClipPipeline(endless, model.model()).caption(MEDIA, SECONDS), 0)
        .thenRequest(20)
        .expectNextCount(20)
        .then(() -> assertThat(endless.emitted.get()).isLessThan(30))
        .thenCancel()
        .verify(Duration.ofSeconds(10));
    assertThat(model.openContexts).hasValue(0);
  }

  @Test
  void endsWithTheRefusal_andKeepsTheCaptionsBeforeIt() {
    var refusal = MediaRefusal.of(MediaRefusal.Code.DECODER_CRASHED, "The decoder crashed.");

    List<ClipEvent> events = caption(new ScriptedSampler(6, 250_000, refusal));

    assertThat(events.getLast())
        .isEqualTo(new ClipEvent.Refused("decoder_crashed", "The decoder crashed."));
    assertThat(events.stream().filter(ClipEvent.Captioned.class::isInstance)).hasSize(1);
  }

  @Test
  void stopsAtTheFirstWindowTheModelFailsOn() {
    model.answerNextWith(new AnswerEvent.Failed("context_too_long", "Too long."));

    List<ClipEvent> events = caption(new ScriptedSampler(20, 250_000));

    assertThat(events.getLast()).isEqualTo(new ClipEvent.Refused("context_too_long", "Too long."));
    assertThat(model.contexts).hasValue(1);
    assertThat(model.openContexts).hasValue(0);
  }

  @Test
  void asksAgain_whenTheEngineIsBusy() {
    model.answerNextWith(new AnswerEvent.Rejected("queue full"));

    List<ClipEvent> events =
        list(pipeline(new ScriptedSampler(4, 250_000)).ask(MEDIA, "What?", asked()));

    assertThat(events)
        .filteredOn(event -> !(event instanceof ClipEvent.Progress))
        .hasSize(2)
        .first()
        .isEqualTo(new ClipEvent.Token("4 frames"));
  }

  @Test
  void answersAboutTheWholeClip() {
    List<ClipEvent> events =
        list(pipeline(new ScriptedSampler(4, 250_000)).ask(MEDIA, "What?", asked()));

    ClipResult result = result(events);
    assertThat(result.question()).contains("What?");
    assertThat(result.texts())
        .singleElement()
        .extracting(TimedText::range)
        .isEqualTo(new PtsRange(0, 1_000_000));
  }

  @Test
  void refusesAClipWithoutFrames() {
    assertThat(list(pipeline(new ScriptedSampler(0, 1)).ask(MEDIA, "What?", asked())))
        .singleElement()
        .isInstanceOfSatisfying(
            ClipEvent.Refused.class, refused -> assertThat(refused.code()).isEqualTo("no_frames"));
  }

  /** A frame costs one visual token here. */
  @Test
  void seesFewerFrames_whereVisualTokensAreBounded() {
    ClipResult captions =
        result(list(pipeline(new ScriptedSampler(10, 250_000)).caption(MEDIA, captions(2))));
    assertThat(captions.texts()).extracting(text -> text.usage().visualTokens()).contains(2);
    assertThat(captions.texts()).allMatch(text -> text.usage().visualTokens() <= 2);

    AskSettings asked = new AskSettings(4, 3, GenerationSettings.greedy(8));
    ScriptedSampler sampler = new ScriptedSampler(10, 250_000);
    assertThat(list(pipeline(sampler).ask(MEDIA, "What?", asked))).isNotEmpty();
    assertThat(sampler.asked).hasValue(new SamplingPolicy.Uniform(3));
  }

  @Test
  void refusesAClip_whenNotEvenOneFrameMayBeSeen() {
    AnswerModel large = model.model(3);
    ClipPipeline pipeline = new ClipPipeline(new ScriptedSampler(10, 250_000), large);

    assertThat(list(pipeline.caption(MEDIA, captions(2))))
        .containsExactly(
            new ClipEvent.Refused(
                "visual_tokens_too_few",
                "maxVisualTokens allows 2; the model needs at least 3 for a frame of a video."));
    AskSettings asked = new AskSettings(4, 2, GenerationSettings.greedy(8));
    assertThat(list(pipeline.ask(MEDIA, "What?", asked)))
        .singleElement()
        .isInstanceOfSatisfying(
            ClipEvent.Refused.class,
            refused -> assertThat(refused.code()).isEqualTo("visual_tokens_too_few"));
    assertThat(list(pipeline.caption(MEDIA, captions(3)))).hasSizeGreaterThan(1); // the control
  }

  private static CaptionSettings captions(int maxVisualTokens) {
    return new CaptionSettings(
        Duration.ofSeconds(1), 4, maxVisualTokens, "What?", GenerationSettings.greedy(8));
  }

  private AskSettings asked() {
    return new AskSettings(4, VisualBudget.UNBOUNDED, GenerationSettings.greedy(8));
  }

  private List<ClipEvent> caption(ScriptedSampler sampler) {
    return list(pipeline(sampler).caption(MEDIA, SECONDS));
  }

  private static ClipResult result(List<ClipEvent> events) {
    return ((ClipEvent.Finished) events.getLast()).result();
  }

  private ClipPipeline pipeline(ScriptedSampler sampler) {
    return new ClipPipeline(sampler, model.model());
  }

  private static List<ClipEvent> list(Flux<ClipEvent> events) {
    return requireNonNull(events.collectList().block(Duration.ofSeconds(20)));
  }
}
