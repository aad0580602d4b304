package dev.densestream.framesampler.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.framesampler.SamplingPolicy;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Our RGB against that of the bundled FFmpeg's own executable with its default conversion: equal to
 * the bit, but for rotated pictures with odd sides, where the executable turns the subsampled
 * planes and we the RGB (checked to 2 levels on even sides only).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
class ConversionIT {
  private static final SamplingPolicy EVERY = SamplingPolicy.parse("fps:1000");
  private static final String PICTURES = "testsrc2=size=%s:rate=10:duration=1";
  @TempDir static Path folder;
  private FrameSampler sampler;

  @BeforeAll
  void open() {
    sampler = FrameSampler.open(DecoderSettings.defaults(), new SimpleMeterRegistry());
  }

  @AfterAll
  void close() {
    sampler.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "h264.mp4, 320x180, -c:v libopenh264 -pix_fmt yuv420p",
        "h264-709.mp4, 320x180, -c:v libopenh264 -pix_fmt yuv420p -colorspace bt709 -color_primaries bt709 -color_trc bt709",
        "h264.ts, 320x180, -c:v libopenh264 -pix_fmt yuv420p",
        "vp8-altref.webm, 320x180, -c:v libvpx -auto-alt-ref 1 -lag-in-frames 8 -b:v 200k",
        "vp9-odd.webm, 321x181, -c:v libvpx-vp9 -pix_fmt yuv420p -cpu-used 8",
        "vp9-prime.mp4, 37x53, -c:v libvpx-vp9 -pix_fmt yuv420p -cpu-used 8",
        "vp9-10bit.webm, 320x180, -c:v libvpx-vp9 -pix_fmt yuv420p10le -cpu-used 8",
        "vp9-444.mkv, 321x181, -c:v libvpx-vp9 -pix_fmt yuv444p -cpu-used 8",
        "vp9-full.mp4, 320x180, -c:v libvpx-vp9 -pix_fmt yuvj420p -color_range pc -cpu-used 8",
        "vp9-2020.webm, 320x180, -c:v libvpx-vp9 -pix_fmt yuv420p10le -cpu-used 8 -colorspace bt2020nc -color_primaries bt2020 -color_trc smpte2084",
        "av1-10bit.mp4, 320x180, -c:v libsvtav1 -preset 12 -pix_fmt yuv420p10le",
        "av1.webm, 320x180, -c:v libaom-av1 -cpu-used 8 -usage realtime -pix_fmt yuv420p",
        "mpeg4-b.mp4, 322x182, -c:v mpeg4 -bf 2 -q:v 3",
        "mpeg2-b.ts, 352x288, -c:v mpeg2video -bf 2 -q:v 3",
        "mpeg2-422.ts, 352x288, -c:v mpeg2video -pix_fmt yuv422p -q:v 3",
        "one-pixel.webm, 64x64, -vf crop=1:1:20:20:exact=1 -c:v libvpx-vp9 -cpu-used 8 -pix_fmt yuv420p",
        "one-row.webm, 64x64, -vf crop=63:1:0:20:exact=1 -c:v libvpx-vp9 -cpu-used 8 -pix_fmt yuv420p"
      })
  void convertsAsFfmpegDoes(String name, String size, String options) {
    Path clip = clips().clip(name, PICTURES.formatted(size), options);
    List<Frame> frames = frames(clip);
    assertThat(frames).hasSize(10);
    assertThat(difference(frames, Clips.rgb(clip, ""))).isZero();
    assertThat(frames).map(Frame::ptsMicros).isEqualTo(expectedPts(clip));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "hevc.mp4",
        "hevc-10bit.mp4",
        "hevc-444.mp4",
        "hevc-open-gop.mp4",
        "h264-open-gop.mp4",
        "h264-mbaff.ts",
        "h264-vfr.mp4"
      })
  void convertsWhatOtherEncodersMade_asFfmpegDoes(String name) {
    Path clip = Fixtures.resource(name);
    List<Frame> frames = frames(clip);
    assertThat(frames).hasSizeGreaterThanOrEqualTo(10);
    assertThat(difference(frames, Clips.rgb(clip, ""))).isZero();
    assertThat(frames).map(Frame::ptsMicros).isEqualTo(expectedPts(clip));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"90", "180", "270", "-90"})
  void turnsUpright_byRotationInTheContainer(int degrees) {
    Path plain = clips().clip("plain.mp4", PICTURES.formatted("320x180"), "-c:v libopenh264 -g 5");
    Path turned =
        clips().remuxed(plain, "turned" + degrees + ".mp4", "-display_rotation:v " + degrees, "");
    List<Frame> frames = frames(turned);
    assertThat(frames.getFirst().width()).isEqualTo(degrees == 180 ? 320 : 180);
    assertThat(difference(frames, Clips.rgb(turned, ""))).isLessThanOrEqualTo(2);
    assertThat(difference(frames, Clips.rgb(turned, "-vf hflip"))).isGreaterThan(100);
  }

  @Test
  void turnsUpright_byMirroringInTheContainer() {
    Path plain = clips().clip("straight.mp4", PICTURES.formatted("320x180"), "-c:v libopenh264");
    Path mirrored = clips().remuxed(plain, "mirrored.mp4", "-display_hflip", "");
    assertThat(difference(frames(mirrored), Clips.rgb(mirrored, ""))).isLessThanOrEqualTo(2);
    assertThat(difference(frames(mirrored), Clips.rgb(plain, ""))).isGreaterThan(100);
  }

  @Test
  void keepsTimes_ofVariableFrameRate() {
    Path clip =
        clips()
            .clip(
                "vfr.mp4",
                "testsrc2=size=160x90:rate=30:duration=2,select='not(mod(n\\,7))+gt(mod(n\\,5)\\,3)'",
                "-fps_mode vfr -c:v mpeg4 -bf 2");
    List<Frame> frames = frames(clip);
    assertThat(frames).hasSizeGreaterThan(10);
    assertThat(frames).map(Frame::ptsMicros).isEqualTo(expectedPts(clip));
    assertThat(difference(frames, Clips.rgb(clip, ""))).isZero();
  }

  /** Trimmed without converting: frames before the start are there to be decoded, not shown. */
  @Test
  void hidesFrames_outsideTheEditList() {
    Path whole = clips().clip("whole.mp4", PICTURES.formatted("160x96"), "-c:v mpeg4 -bf 2 -g 20");
    Path trimmed = clips().remuxed(whole, "trimmed.mp4", "-ss 0.45", "");
    List<Frame> frames = frames(trimmed);
    assertThat(frames).hasSizeBetween(4, 6);
    assertThat(difference(frames, Clips.rgb(trimmed, ""))).isZero();
    assertThat(frames).map(Frame::ptsMicros).isEqualTo(expectedPts(trimmed));
  }

  /** The control: the same comparison with the wrong matrix, and with the wrong range. */
  @Test
  void comparisonFails_withWrongMatrixOrRange() {
    Path clip =
        clips()
            .clip(
                "control.mp4",
                PICTURES.formatted("320x180"),
                "-c:v libopenh264 -pix_fmt yuv420p -colorspace bt709");
    List<Frame> frames = frames(clip);
    assertThat(difference(frames, Clips.rgb(clip, ""))).isZero();
    assertThat(difference(frames, Clips.rgb(clip, "-vf scale=in_color_matrix=bt601")))
        .isGreaterThan(10);
    assertThat(difference(frames, Clips.rgb(clip, "-vf scale=in_range=pc"))).isGreaterThan(10);
  }

  private static Clips clips() {
    return new Clips(folder);
  }

  private List<Frame> frames(Path clip) {
    List<SampleEvent> events =
        sampler.sample(Fixtures.bytes(clip), EVERY).collectList().block(Duration.ofSeconds(60));
    assertThat(events).isNotNull();
    assertThat(events.getLast()).isInstanceOf(SampleEvent.Finished.class);
    return Fixtures.frames(events);
  }

  /** Largest difference of any byte; 256 for pictures of another size or number. */
  private static int difference(List<Frame> frames, byte[] expected) {
    int at = 0;
    int largest = 0;
    for (Frame frame : frames) {
      for (byte value : frame.rgb()) {
        if (at == expected.length) {
          return 256;
        }
        largest = Math.max(largest, Math.abs((value & 0xff) - (expected[at++] & 0xff)));
      }
    }
    return at == expected.length ? largest : 256;
  }

  /** Distance from the first frame, rounded once, half away from zero. */
  private static List<Long> expectedPts(Path clip) {
    List<Long> ticks = Clips.timestamps(clip);
    String[] base = Clips.timeBase(clip).split("/", -1);
    return ticks.stream()
        .map(
            tick ->
                BigDecimal.valueOf(tick - ticks.getFirst())
                    .multiply(new BigDecimal(base[0]).movePointRight(6))
                    .divide(new BigDecimal(base[1]), 0, RoundingMode.HALF_UP)
                    .longValueExact())
        .toList();
  }
}
