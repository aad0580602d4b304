package dev.densestream.trainer.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.framesampler.decode.OwnClip;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.SegmentCutter;
import dev.densestream.trainer.world.Colour;
import dev.densestream.trainer.world.Pixels;
import dev.densestream.trainer.world.Scene;
import dev.densestream.trainer.world.Shape;
import dev.densestream.trainer.world.Stills;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clips decoded by the decoder that serves: what was rendered comes back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClipWriterIT {
  private static final int RED = 0xe02020;
  private static final Scene SCENE =
      Stills.scene(
          4 / 3.0,
          Stills.moving(Shape.CIRCLE, Colour.RED, RED, 0.9, 0.3, 0.25, 0.3),
          Stills.still(Shape.SQUARE, Colour.BLUE, 0x2040e0, 0.6, 0.65));

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // set before all tests
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

  @ParameterizedTest
  @EnumSource(Codec.class)
  void comesBackAsItWasRendered(Codec codec) throws IOException {
    Path file = folder.resolve(codec + ".mp4");
    ClipFormat format = new ClipFormat(160, 120, 10, 300_000, codec);
    ClipWriter.write(SCENE, format, file);

    List<Frame> frames = decode(file);

    assertThat(frames).hasSize(40);
    for (int i = 0; i < frames.size(); i++) {
      Frame frame = frames.get(i);
      assertThat(frame.ptsMicros()).isCloseTo(i * 100_000L, within(1000L));
      Pixels rendered = Pixels.of(SCENE, i / 10.0, 160, 120);
      assertThat(difference(frame.rgb(), rendered.rgb())).as("frame " + i).isLessThan(2.5);
    }
    // The control: another frame of the clip is not as near.
    Pixels other = Pixels.of(SCENE, 3.5, 160, 120);
    assertThat(difference(frames.getFirst().rgb(), other.rgb())).isGreaterThan(4);
    assertThat(at(frames.getLast()).near(RED, 90).x())
        .isLessThan(at(frames.getFirst()).near(RED, 90).x() - 50);
  }

  @Test
  void keepsBars_ratesAndSizes() throws IOException {
    Path file = folder.resolve("bars.mp4");
    ClipWriter.write(SCENE, new ClipFormat(240, 128, 25, 400_000, Codec.H264), file);

    List<Frame> frames = decode(file);

    assertThat(frames).hasSize(100);
    Pixels first = at(frames.getFirst());
    assertThat(first.width()).isEqualTo(240);
    assertThat(first.near(0, 60).pixels()).isBetween(240 * 128 / 4 - 800, 240 * 128 / 4 + 2500);
    assertThat(first.patchesOtherThan(0, 60, 500)).isEqualTo(1);
  }

  @Test
  void givesEqualFilesForEqualScenes() throws IOException {
    ClipFormat format = new ClipFormat(96, 96, 10, 100_000, Codec.H264);
    ClipWriter.write(SCENE, format, folder.resolve("a.mp4"));
    ClipWriter.write(SCENE, format, folder.resolve("b.mp4"));

    assertThat(Files.mismatch(folder.resolve("a.mp4"), folder.resolve("b.mp4"))).isEqualTo(-1);
  }

  @Test
  void showsSceneAfterScene_andCanBeCutAtEachSecond() throws IOException {
    Scene other = Stills.scene(4 / 3.0, Stills.still(Shape.STAR, Colour.BLUE, 0x2040e0, 0.3, 0.3));
    Path file = folder.resolve("reel.mp4");
    ClipWriter.write(
        List.of(SCENE, other), new ClipFormat(160, 120, 10, 300_000, Codec.H264), file);

    List<SegmentCutter.Piece> pieces =
        sampler
            .cut(new Media.File(file, Files.size(file)), 1_000_000)
            .collectList()
            .blockOptional()
            .orElseThrow();
    assertThat(pieces)
        .extracting(piece -> piece.range().startMicros() / 1_000_000.0)
        .containsExactly(0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0);
    assertThat(pieces).allMatch(SegmentCutter.Piece::keyframeAligned);
    Pixels behind = Pixels.of(other, 0, 160, 120);
    List<Frame> frames = decode(file);
    assertThat(difference(frames.get(40).rgb(), behind.rgb())).isLessThan(2.5);
    assertThat(difference(frames.get(39).rgb(), behind.rgb())).as("the control").isGreaterThan(4);
  }

  /** What is learnt from is what serving would see. */
  @ParameterizedTest
  @EnumSource(Codec.class)
  void decodesInThisProcess_asTheSamplersChildDoes(Codec codec) throws IOException {
    Path file = folder.resolve("own-" + codec + ".mp4");
    ClipWriter.write(SCENE, new ClipFormat(130, 98, 12, 120_000, codec), file);

    List<Frame> own = OwnClip.frames(file, index -> index % 3 == 1);

    List<Frame> served = decode(file);
    assertThat(own).hasSize(served.size() / 3);
    for (int i = 0; i < own.size(); i++) {
      assertThat(own.get(i).rgb()).isEqualTo(served.get(3 * i + 1).rgb());
      assertThat(own.get(i).ptsMicros()).isEqualTo(served.get(3 * i + 1).ptsMicros());
    }
  }

  @Test
  void refusesAClipThatWasNotFinished() throws IOException {
    Path file = folder.resolve("half.mp4");
    ClipWriter.write(SCENE, new ClipFormat(96, 96, 10, 100_000, Codec.H264), file);
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 2000));

    assertThatThrownBy(() -> OwnClip.frames(file, _ -> true)).hasMessageContaining("half.mp4");
  }

  private List<Frame> decode(Path file) throws IOException {
    return sampler
        .sample(new Media.File(file, Files.size(file)), new SamplingPolicy.Fps(1000))
        .ofType(SampleEvent.Sampled.class)
        .map(SampleEvent.Sampled::frame)
        .collectList()
        .blockOptional()
        .orElseThrow();
  }

  private static Pixels at(Frame frame) {
    return new Pixels(frame.width(), frame.height(), frame.rgb());
  }

  /** Mean absolute difference of the channels, of 255. */
  private static double difference(byte[] a, byte[] b) {
    long sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs((a[i] & 0xff) - (b[i] & 0xff));
    }
    return (double) sum / a.length;
  }
}
