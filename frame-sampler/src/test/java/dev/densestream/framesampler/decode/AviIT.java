package dev.densestream.framesampler.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.MediaRefusal.Code;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.framesampler.policy.UniformIndices;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.MediaRefusedException;
import dev.densestream.ingest.SegmentCutter.Piece;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AVI, which MSVD comes in: it has no PTS, only an order of packets and a rate. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AviIT {
  private static final String PICTURES = "testsrc2=size=160x96:rate=10:duration=5";
  private static final String B_FRAMES =
      "-c:v mpeg4 -bf 2 -g 10 -flags +cgop -sc_threshold 1000000000";

  @TempDir static Path folder;
  private FrameSampler sampler;

  @BeforeAll
  void open() {
    sampler =
        FrameSampler.open(DecoderSettings.defaults().withChildren(1), new SimpleMeterRegistry());
  }

  @AfterAll
  void close() {
    sampler.close();
  }

  /**
   * What FFmpeg's own program decodes is the control of the pictures, the rate that of the times.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "plain.avi, -c:v mpeg4 -g 10",
    "xvid.avi, -c:v mpeg4 -vtag XVID -g 10",
    "b.avi, " + B_FRAMES,
    "h264.avi, -c:v libopenh264 -g 10"
  })
  void givesAllFramesAtTheirTimes(String name, String options) {
    Path clip = clips().clip(name, PICTURES, options);
    List<Frame> frames = new Recut(sampler).frames(Fixtures.bytes(clip));
    assertThat(frames)
        .extracting(Frame::ptsMicros)
        .containsExactlyElementsOf(LongStream.range(0, 50).mapToObj(i -> i * 100_000).toList());
    assertThat(joined(frames)).isEqualTo(Clips.rgb(clip, ""));
  }

  @Test
  void picksTheFramesThatTheSameVideoInMp4Gives() {
    Path clip = clips().clip("u.avi", PICTURES, "-c:v mpeg4 -g 10");
    Path same = clips().remuxed(clip, "u.mp4", "", "");
    List<Frame> frames = sampled(clip);
    assertThat(frames)
        .extracting(Frame::ptsMicros)
        .containsExactlyElementsOf(
            Arrays.stream(UniformIndices.of(50, 8)).mapToObj(i -> i * 100_000L).toList());
    assertThat(joined(frames)).isEqualTo(joined(sampled(same)));
  }

  private List<Frame> sampled(Path clip) {
    return Fixtures.frames(events(Fixtures.file(clip), "uniform:8"));
  }

  @Test
  void saysWhatItIs() {
    Path clip = clips().clip("p.avi", PICTURES, "-c:v mpeg4");
    assertThat(sampler.probe(Fixtures.file(clip)).block(Duration.ofSeconds(30)))
        .satisfies(
            probe -> {
              assertThat(probe.container()).isEqualTo("avi");
              assertThat(probe.codec()).isEqualTo("mpeg4");
              assertThat(probe.durationMicros()).isEqualTo(5_000_000);
              assertThat(probe.claimedFrames()).isEqualTo(50);
            });
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"cut.avi, -c:v mpeg4 -g 10", "cut-h264.avi, -c:v libopenh264 -g 10"})
  void piecesDecodeToTheSameFrames(String name, String options) {
    Path clip = clips().clip(name, PICTURES, options);
    Recut recut = new Recut(sampler);
    List<Piece> pieces = recut.cut(clip, 1_500_000);
    assertThat(pieces).hasSizeGreaterThan(1).allMatch(Piece::keyframeAligned);
    recut.assertSameFrames(Fixtures.bytes(clip), pieces);
  }

  /** The control: the same packets in MP4, which says when they are shown. */
  @Test
  void refusesToCutFramesThatAreShownInAnotherOrder() {
    Path clip = clips().clip("cut-b.avi", PICTURES, B_FRAMES);
    assertThatThrownBy(() -> new Recut(sampler).cut(clip, 1_500_000))
        .isInstanceOfSatisfying(
            MediaRefusedException.class,
            refused -> assertThat(refused.code()).isEqualTo("unsupported_container"));
    Path same = clips().clip("cut-b.mp4", PICTURES, B_FRAMES);
    assertThat(new Recut(sampler).cut(same, 1_500_000)).hasSizeGreaterThan(1);
  }

  /** However few frames are decoded, the media ends where it ends. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({"k.avi, -c:v mpeg4 -g 10", "kb.avi, " + B_FRAMES})
  void lastsAsLong_whereOnlyKeyframesAreLookedAt(String name, String options) {
    Path clip = clips().clip(name, PICTURES, options);
    SampleEvent last = events(Fixtures.file(clip), "keyframes").getLast();
    assertThat(last)
        .isInstanceOfSatisfying(
            SampleEvent.Finished.class,
            finished -> assertThat(finished.durationMicros()).isEqualTo(5_000_000));
  }

  /** The index is at the end: what is there is read without it, and said to be not all. */
  @Test
  void givesWhatIsThere_ofOneThatWasCutOff() throws IOException {
    byte[] content = whole("t.avi");
    List<SampleEvent> events = events(start(content, 0.6), "fps:1000");
    assertThat(Fixtures.frames(events)).hasSizeBetween(20, 49);
    assertThat(events.getLast())
        .isInstanceOfSatisfying(
            SampleEvent.Finished.class, finished -> assertThat(finished.damaged()).isTrue());
  }

  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(ints = {100, 2000})
  void refusesOneThatEndsInItsHeader(int length) throws IOException {
    byte[] content = Arrays.copyOf(whole("h.avi"), length);
    assertRefused(events(new Media.Bytes(content), "fps:1000"), Code.TRUNCATED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"magicyuv", "mjpeg", "rawvideo"})
  void refusesOtherCodecs(String codec) {
    Path clip = clips().clip(codec + ".avi", PICTURES, "-c:v " + codec);
    assertRefused(events(Fixtures.file(clip), "fps:1000"), Code.UNSUPPORTED_CODEC);
  }

  /** Any end will do, as long as it is one, and the next is decoded. */
  @Test
  void damagedOnes_end() throws IOException {
    byte[] good = whole("m.avi");
    for (int seed = 0; seed < 40; seed++) {
      byte[] bad = good.clone();
      Random random = new Random(seed);
      for (int i = 0; i < 20; i++) {
        bad[random.nextInt(seed % 2 == 0 ? 4096 : bad.length)] = (byte) random.nextInt();
      }
      SampleEvent last = events(new Media.Bytes(bad), "fps:1000").getLast();
      assertThat(last).isInstanceOfAny(SampleEvent.Finished.class, SampleEvent.Refused.class);
    }
    assertThat(Fixtures.frames(events(new Media.Bytes(good), "fps:1000"))).hasSize(50);
  }

  private static void assertRefused(List<SampleEvent> events, Code code) {
    assertThat(events.getLast())
        .isInstanceOfSatisfying(
            SampleEvent.Refused.class,
            refused -> {
              assertThat(refused.refusal().code()).isEqualTo(code);
              assertThat(refused.refusal().detail()).endsWith(".");
            });
  }

  private byte[] whole(String name) throws IOException {
    return Files.readAllBytes(clips().clip(name, PICTURES, "-c:v mpeg4 -g 5"));
  }

  private static Media.Bytes start(byte[] content, double share) {
    return new Media.Bytes(Arrays.copyOf(content, (int) (content.length * share)));
  }

  private List<SampleEvent> events(Media media, String policy) {
    List<SampleEvent> events =
        sampler
            .sample(media, SamplingPolicy.parse(policy))
            .collectList()
            .block(Duration.ofSeconds(60));
    assertThat(events).isNotNull();
    return events;
  }

  private static byte[] joined(List<Frame> frames) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    frames.forEach(frame -> all.writeBytes(frame.rgb()));
    return all.toByteArray();
  }

  private static Clips clips() {
    return new Clips(folder);
  }
}
