package dev.densestream.framesampler.pool;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.DropReason;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.MediaLimits;
import dev.densestream.framesampler.MediaRefusal;
import dev.densestream.framesampler.MediaRefusal.Code;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.framesampler.SampleEvent.Refused;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.framesampler.protocol.Replies;
import dev.densestream.framesampler.protocol.Reply;
import dev.densestream.ingest.Media;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/**
 * The pool against processes that behave badly: shell scripts that speak a part of the protocol.
 */
class ChildDoubleIT {
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Media.Bytes MEDIA = new Media.Bytes(new byte[100]);
  private static final String TAKES_TASK = "head -c 120 >/dev/null\n";
  @TempDir Path folder;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private @Nullable FrameSampler opened;

  @AfterEach
  void close() {
    if (opened != null) {
      opened.close();
    }
    assertThat(doubles()).as("processes left behind").allSatisfy(ChildDoubleIT::ends);
  }

  private List<ProcessHandle> doubles() {
    return ProcessHandle.current()
        .descendants()
        .filter(child -> child.info().commandLine().orElse("").contains(folder.toString()))
        .toList();
  }

  private static void ends(ProcessHandle process) {
    assertThat(process.onExit()).succeedsWithin(Duration.ofSeconds(5));
  }

  @Test
  void segmentationFault_costsTheMedia_andSaysTheSignal() {
    start(TAKES_TASK + say("counted") + say("picture") + "kill -SEGV $$");
    List<SampleEvent> events = sample();
    assertThat(events).hasSize(2);
    assertThat(refused(events).refusal())
        .satisfies(
            refusal -> {
              assertThat(refusal.code()).isEqualTo(Code.DECODER_CRASHED);
              assertThat(refusal.exitCode()).hasValue(139);
              assertThat(refusal.signal()).hasValue(11);
            });
    // One sampled, and nine that were counted and never came.
    assertThat(refused(events).counts())
        .isEqualTo(new FrameCounts(10, 1, 0, Map.of(DropReason.DECODER, 9L)));
    assertThat(counter("densestream.decode.refusals", "code", "decoder_crashed")).isOne();
  }

  @Test
  void lostProcess_isReplaced_andTheNextMediaIsTaken() {
    start(TAKES_TASK + "kill -SEGV $$");
    for (int i = 0; i < 4; i++) {
      assertThat(refused(sample()).refusal().code()).isEqualTo(Code.DECODER_CRASHED);
    }
    assertThat(counter("densestream.decode.restarts", "cause", "lost")).isGreaterThanOrEqualTo(3);
  }

  @Test
  void silentProcess_isEnded_evenIfItIgnoresTheFirstSignal() {
    start("trap '' TERM\n" + TAKES_TASK + "while :; do :; done");
    Refused refused = refused(sample());
    assertThat(refused.refusal().code()).isEqualTo(Code.DECODER_TIMEOUT);
    assertThat(refused.refusal().signal()).hasValue(9);
  }

  @Test
  void talkativeProcess_isEnded_whenItsTimeIsUp() {
    start(TAKES_TASK + "while :; do " + say("progress").strip() + "; sleep 0.1; done");
    assertThat(refused(sample()).refusal().code()).isEqualTo(Code.DECODER_TIMEOUT);
  }

  @Test
  void floodOfGarbage_isACrash() {
    start(TAKES_TASK + "exec cat /dev/zero");
    assertThat(refused(sample()).refusal().code()).isEqualTo(Code.DECODER_CRASHED);
  }

  @Test
  void floodOfErrors_isACrash() {
    start(TAKES_TASK + "exec cat /dev/zero >&2");
    assertThat(refused(sample()).refusal().code()).isEqualTo(Code.DECODER_CRASHED);
  }

  @Test
  void pictureBeyondTheLimit_isACrash_notAnAllocation() {
    start(TAKES_TASK + say("huge") + "exec cat /dev/zero");
    assertThat(refused(sample()).refusal().code()).isEqualTo(Code.DECODER_CRASHED);
  }

  @Test
  void shortOutput_isACrash_evenWithExitCode0() {
    start(TAKES_TASK + "head -c 30 " + folder.resolve("picture") + "; exit 0");
    Refused refused = refused(sample());
    assertThat(refused.refusal().code()).isEqualTo(Code.DECODER_CRASHED);
    assertThat(refused.refusal().exitCode()).hasValue(0);
    assertThat(refused.refusal().signal()).isEmpty();
  }

  @Test
  void exitByLackOfMemory_isToldApart() {
    start(TAKES_TASK + "exit 3");
    assertThat(refused(sample()).refusal().code()).isEqualTo(Code.DECODER_OUT_OF_MEMORY);
  }

  @Test
  void processThatDoesNotStart_isAnError_notARefusal() {
    script("exit 1");
    open("/bin/sh", folder.resolve("double.sh").toString());
    Flux<SampleEvent> events = sampler().sample(MEDIA, SamplingPolicy.parse("fps:1"));
    assertThatThrownBy(() -> events.collectList().block(LONGEST))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("does not start");
  }

  @Test
  void closing_endsWhoeverWaits() {
    start(TAKES_TASK + "exec sleep 100");
    Flux<SampleEvent> running = sampler().sample(MEDIA, SamplingPolicy.parse("fps:1"));
    Flux<SampleEvent> waiting = sampler().sample(MEDIA, SamplingPolicy.parse("fps:1"));
    StepVerifier second =
        StepVerifier.create(waiting).expectError(IllegalStateException.class).verifyLater();
    StepVerifier first =
        StepVerifier.create(running).expectError(IllegalStateException.class).verifyLater();
    sampler().close();
    second.verify(LONGEST);
    first.verify(LONGEST);
    assertThatThrownBy(this::sample).isInstanceOf(IllegalStateException.class);
  }

  /** What nobody demands is neither read nor counted as the process's time. */
  @Test
  void timeWithoutDemand_isFree() {
    start(TAKES_TASK + say("picture") + say("picture") + say("finished") + "exec sleep 100");
    StepVerifier.create(sampler().sample(MEDIA, SamplingPolicy.parse("fps:1")), 1)
        .expectNextCount(1)
        .expectNoEvent(Duration.ofMillis(2500)) // longer than silence and decoding together
        .thenRequest(2)
        .expectNextCount(2)
        .expectComplete()
        .verify(LONGEST);
  }

  @Test
  void cancelling_freesTheSlot() {
    start(TAKES_TASK + say("picture") + "exec sleep 100");
    for (int i = 0; i < 3; i++) {
      StepVerifier.create(sampler().sample(MEDIA, SamplingPolicy.parse("fps:1")), 1)
          .expectNextCount(1)
          .thenCancel()
          .verify(LONGEST);
    }
  }

  /** A double that greets, then runs the script. */
  private void start(String script) {
    FrameCounts one = new FrameCounts(1, 1, 0, Map.of());
    message("hello", new Reply.Hello(Replies.VERSION), 0);
    message("counted", new Reply.Counted(10), 0);
    message("progress", new Reply.Progress(FrameCounts.NONE), 0);
    message("picture", new Reply.Picture(one, 0, 2, 2), 12);
    message("huge", new Reply.Picture(one, 0, 30_000, 30_000), 0);
    message("finished", new Reply.Finished(one, 1, false), 0);
    script(say("hello") + script);
    open("/bin/sh", folder.resolve("double.sh").toString());
  }

  private String say(String message) {
    return "/bin/cat " + folder.resolve(message) + "\n";
  }

  private void script(String text) {
    write(
        "double.sh",
        ("PATH=/usr/bin:/bin\n" + text + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private void message(String name, Reply reply, int payload) {
    byte[] head = Replies.message(reply);
    byte[] whole = java.util.Arrays.copyOf(head, head.length + payload);
    write(name, whole);
  }

  private void write(String name, byte[] content) {
    try {
      Files.write(folder.resolve(name), content);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void open(String... arguments) {
    ChildCommand command =
        new ChildCommand() {
          @Override
          public List<String> arguments() {
            return List.of(arguments);
          }

          @Override
          public Path folder() {
            return folder;
          }
        };
    MediaLimits limits =
        MediaLimits.defaults().withTimes(Duration.ofSeconds(1), Duration.ofMillis(1400));
    opened =
        DecoderPool.open(
            DecoderSettings.defaults().withChildren(1).withLimits(limits), command, registry);
  }

  private FrameSampler sampler() {
    return requireNonNull(opened);
  }

  private List<SampleEvent> sample() {
    List<SampleEvent> events =
        sampler().sample(MEDIA, SamplingPolicy.parse("fps:1")).collectList().block(LONGEST);
    assertThat(events).isNotNull();
    return events;
  }

  private static Refused refused(List<SampleEvent> events) {
    assertThat(events.getLast()).isInstanceOf(Refused.class);
    MediaRefusal refusal = ((Refused) events.getLast()).refusal();
    assertThat(refusal.detail()).endsWith(".");
    return (Refused) events.getLast();
  }

  private double counter(String name, String tag, String value) {
    return registry.get(name).tag(tag, value).counter().count();
  }
}
