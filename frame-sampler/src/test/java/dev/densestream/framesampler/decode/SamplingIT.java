package dev.densestream.framesampler.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.MediaRefusal;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.framesampler.policy.UniformIndices;
import dev.densestream.ingest.Media;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
class SamplingIT {
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private FrameSampler sampler;

  @BeforeAll
  void open() {
    sampler = FrameSampler.open(DecoderSettings.defaults().withChildren(1), registry);
  }

  @AfterAll
  void close() {
    sampler.close();
  }

  @Test
  void samplesRecording_onceASecond() {
    List<SampleEvent> events = sample(Fixtures.bytes(Fixtures.path("car-detection.mp4")), "fps:1");
    List<Frame> frames = Fixtures.frames(events);
    assertThat(frames).hasSize(31);
    assertThat(events.getLast())
        .isInstanceOfSatisfying(
            SampleEvent.Finished.class,
            finished -> {
              assertThat(finished.counts().seen()).isEqualTo(377);
              assertThat(finished.counts().sampled()).isEqualTo(31);
              assertThat(finished.damaged()).isFalse();
            });
  }

  @Test
  void picksUniformIndices_withoutTrustingTheContainer() {
    Media media = Fixtures.file(Fixtures.path("car-detection.mp4"));
    List<Frame> every = Fixtures.frames(sample(media, "fps:1000"));
    List<SampleEvent> events = sample(media, "uniform:8");
    List<Long> expected =
        Arrays.stream(UniformIndices.of(377, 8)).mapToObj(i -> every.get(i).ptsMicros()).toList();
    assertThat(Fixtures.frames(events)).map(Frame::ptsMicros).isEqualTo(expected);
    assertThat(finished(events).counts()).isEqualTo(new FrameCounts(377, 8, 369, Map.of()));
  }

  @Test
  void takesKeyframes_andCountsTheOthersWithoutDecodingThem() {
    Media media = Fixtures.bytes(Fixtures.path("bigbuckbunny.mp4"));
    List<Frame> every = Fixtures.frames(sample(media, "fps:1000"));
    List<SampleEvent> events = sample(media, "keyframes");
    List<Frame> keyframes = Fixtures.frames(events);
    assertThat(keyframes).isNotEmpty().hasSizeLessThan(every.size() / 4);
    for (Frame keyframe : keyframes) {
      Frame same =
          every.stream()
              .filter(f -> f.ptsMicros() == keyframe.ptsMicros())
              .findFirst()
              .orElseThrow();
      assertThat(keyframe.rgb()).isEqualTo(same.rgb());
    }
    FrameCounts counts = finished(events).counts();
    assertThat(counts.seen()).isEqualTo(every.size());
    assertThat(counts.gated()).isEqualTo(every.size() - keyframes.size());
    assertThat(finished(events).durationMicros())
        .isEqualTo(finished(sample(media, "fps:1")).durationMicros());
  }

  @Test
  void takesSceneChanges_andHeartbeats() {
    Media media = Fixtures.bytes(Fixtures.path("bottle-detection.mp4"));
    List<Frame> sensitive = Fixtures.frames(sample(media, "scene:0.01/100s"));
    List<Frame> heartbeats = Fixtures.frames(sample(media, "scene:0.99/5s"));
    assertThat(sensitive).hasSizeGreaterThan(heartbeats.size());
    assertThat(heartbeats).hasSizeBetween(7, 9); // 40 s
    for (int i = 1; i < heartbeats.size(); i++) {
      assertThat(heartbeats.get(i).ptsMicros() - heartbeats.get(i - 1).ptsMicros())
          .isBetween(5_000_000L, 5_100_000L);
    }
  }

  /** The pool's processes by their number; one is killed while it decodes. */
  @Test
  void killedProcess_costsOneMedia_andIsReplaced() {
    Media media = Fixtures.file(Fixtures.path("bigbuckbunny.mp4"));
    Set<Long> before = children();
    StepVerifier.create(sampler.sample(media, SamplingPolicy.parse("fps:1000")), 1)
        .expectNextCount(1)
        .then(
            () ->
                children()
                    .forEach(
                        pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly)))
        .thenRequest(Long.MAX_VALUE)
        .thenConsumeWhile(SampleEvent.Sampled.class::isInstance)
        .assertNext(
            event -> {
              assertThat(event).isInstanceOf(SampleEvent.Refused.class);
              MediaRefusal refusal = ((SampleEvent.Refused) event).refusal();
              assertThat(refusal.code()).isEqualTo(MediaRefusal.Code.DECODER_CRASHED);
              assertThat(refusal.signal()).hasValue(9);
            })
        .expectComplete()
        .verify(LONGEST);
    assertThat(Fixtures.frames(sample(media, "fps:1"))).hasSize(6);
    assertThat(children()).doesNotContainAnyElementsOf(before);
  }

  @Test
  void cancelling_abortsTheDecoder_andKeepsItsProcess() {
    Media media = Fixtures.file(Fixtures.path("bigbuckbunny.mp4"));
    assertThat(Fixtures.frames(sample(media, "fps:1"))).hasSize(6);
    Set<Long> before = children();
    for (int i = 0; i < 6; i++) {
      StepVerifier.create(sampler.sample(media, SamplingPolicy.parse("fps:1000")), 2)
          .expectNextCount(2)
          .thenCancel()
          .verify(LONGEST);
    }
    assertThat(Fixtures.frames(sample(media, "fps:1"))).hasSize(6);
    assertThat(children()).isEqualTo(before);
  }

  /** Demand reaches the decoder: with none, it stops after what fits into the pipe. */
  @Test
  void decodesNoFurther_thanDemandedAndBuffered() {
    Media media = Fixtures.file(Fixtures.path("bigbuckbunny.mp4"));
    double before = sampled();
    StepVerifier.create(sampler.sample(media, SamplingPolicy.parse("fps:1000")), 3)
        .expectNextCount(3)
        .expectNoEvent(Duration.ofMillis(700))
        .thenCancel()
        .verify(LONGEST);
    assertThat(Fixtures.frames(sample(media, "uniform:1"))).hasSize(1);
    // 132 frames in all: the three, those on their way when it was told to stop, and one. How many
    // are on their way depends on who gets the processor while the pipe is emptied.
    await(() -> sampled() - before >= 4);
    assertThat(sampled() - before).isBetween(4.0, 40.0);
  }

  @Test
  void largeMedia_isTakenAsFileOrBytes_alike() {
    List<Frame> bytes =
        Fixtures.frames(sample(Fixtures.bytes(Fixtures.path("car-detection.mp4")), "uniform:4"));
    List<Frame> file =
        Fixtures.frames(sample(Fixtures.file(Fixtures.path("car-detection.mp4")), "uniform:4"));
    assertThat(file).hasSameSizeAs(bytes);
    for (int i = 0; i < file.size(); i++) {
      assertThat(file.get(i).rgb()).isEqualTo(bytes.get(i).rgb());
    }
  }

  private static void await(BooleanSupplier condition) {
    Flux.interval(Duration.ofMillis(20))
        .takeUntil(_ -> condition.getAsBoolean())
        .blockLast(LONGEST);
  }

  private double sampled() {
    return registry.get("densestream.frames").tag("verdict", "sampled").counter().count();
  }

  private static Set<Long> children() {
    return ProcessHandle.current()
        .children()
        .filter(ProcessHandle::isAlive)
        .map(ProcessHandle::pid)
        .collect(Collectors.toSet());
  }

  private static SampleEvent.Finished finished(List<SampleEvent> events) {
    assertThat(events.getLast()).isInstanceOf(SampleEvent.Finished.class);
    return (SampleEvent.Finished) events.getLast();
  }

  private List<SampleEvent> sample(Media media, String policy) {
    List<SampleEvent> events =
        sampler.sample(media, SamplingPolicy.parse(policy)).collectList().block(LONGEST);
    assertThat(events).isNotNull();
    return events;
  }
}
