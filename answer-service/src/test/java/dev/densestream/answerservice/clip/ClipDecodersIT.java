package dev.densestream.answerservice.clip;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.VisualBudget;
import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.MediaProbe;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.ingest.Media;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import reactor.core.publisher.Sinks;

/** Whether a clip whose captions take long keeps the decoder from others. */
@Timeout(120)
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
class ClipDecodersIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final CaptionSettings SECONDS =
      new CaptionSettings(
          Duration.ofSeconds(1),
          4,
          VisualBudget.UNBOUNDED,
          CaptionSettings.DEFAULT_PROMPT,
          GenerationSettings.greedy(8));

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Sinks.Empty<Void> gate = Sinks.empty();

  @Test
  void keepsNobodyWaiting_whileTheModelThinksAboutAClip() throws Exception {
    try (FrameSampler sampler = open(1)) {
      CompletableFuture<@Nullable List<ClipEvent>> clip = captionsHeld(sampler);
      MediaProbe probe = sampler.probe(car()).block(PATIENCE);
      assertThat(probe).isNotNull();
      SampleEvent last = sampler.sample(car(), SamplingPolicy.parse("fps:1")).blockLast(PATIENCE);
      assertThat(last).isInstanceOf(SampleEvent.Finished.class);
      assertThat(clip).as("the clip still waits for the model").isNotDone();
      assertFinishes(clip);
    }
  }

  /** The control: without processes of its own it does keep them waiting. */
  @Test
  void keepsThemWaiting_whereItHasNoProcessOfItsOwn() throws Exception {
    try (FrameSampler sampler = open(0)) {
      CompletableFuture<@Nullable List<ClipEvent>> clip = captionsHeld(sampler);
      CompletableFuture<@Nullable MediaProbe> probe = sampler.probe(car()).toFuture();
      await(
          () -> meters.get("densestream.decode.waiting").tag("use", "sample").gauge().value() == 1);
      assertThat(probe).isNotDone();
      assertFinishes(clip);
      assertThat(probe).succeedsWithin(PATIENCE);
    }
  }

  private FrameSampler open(int clips) {
    return FrameSampler.open(
        DecoderSettings.defaults().withChildren(1).withClips(clips).withThreads(1), meters);
  }

  /** A clip at its first caption, which comes when the gate opens. */
  private CompletableFuture<@Nullable List<ClipEvent>> captionsHeld(FrameSampler sampler)
      throws IOException {
    CountingModel model = new CountingModel();
    model.holdUntil(gate.asMono());
    CompletableFuture<@Nullable List<ClipEvent>> events =
        new ClipPipeline(sampler, model.model()).caption(car(), SECONDS).collectList().toFuture();
    await(() -> model.contexts.get() == 1);
    return events;
  }

  private void assertFinishes(CompletableFuture<@Nullable List<ClipEvent>> clip) {
    gate.tryEmitEmpty();
    assertThat(clip).succeedsWithin(PATIENCE);
    assertThat(requireNonNull(clip.join()).getLast()).isInstanceOf(ClipEvent.Finished.class);
  }

  private static Media car() throws IOException {
    Path file = Path.of(System.getProperty("densestream.fixtures"), "media", "car-detection.mp4");
    return new Media.File(file, Files.size(file));
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      LockSupport.parkNanos(5_000_000);
    }
  }
}
