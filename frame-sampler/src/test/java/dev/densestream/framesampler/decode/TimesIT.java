package dev.densestream.framesampler.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.ingest.SegmentCutter.Piece;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times, and what else a container says beside the pictures, before and after cutting. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TimesIT {
  private static final String PICTURES = "testsrc2=size=160x96:rate=25:duration=4";
  private static final String B_FRAMES =
      "-c:v mpeg2video -bf 2 -g 10 -flags +cgop -sc_threshold 1000000000";

  /** Seconds until the 33 bits of a transport stream's clock are used up. */
  private static final double WRAP = (1L << 33) / 90_000.0;

  @TempDir static Path folder;
  private FrameSampler sampler;
  private Recut recut;

  @BeforeAll
  void open() {
    sampler = FrameSampler.open(DecoderSettings.defaults(), new SimpleMeterRegistry());
    recut = new Recut(sampler);
  }

  @AfterAll
  void close() {
    sampler.close();
  }

  @ParameterizedTest(name = "{0} s before")
  @ValueSource(doubles = {1.9, 2.0, 0.05})
  void transportStreamClock_wraps(double before) {
    Path plain = clips().clip("plain.ts", PICTURES, B_FRAMES);
    Path wrapping =
        clips().remuxed(plain, "wrapping.ts", "", "-output_ts_offset " + (WRAP - before - 1.4));
    assertThat(pts(recut.frames(Fixtures.bytes(wrapping)))).isEqualTo(regular(100));
    assertCut(wrapping);
  }

  /** A camera that was restarted: its clock is set anew, its pictures go on. */
  @ParameterizedTest(name = "from {0} to {1}")
  @CsvSource({"0, 5000", "5000, 0", "100, 99", "0, 20"})
  void transportStreamClock_isSetAnew(double first, double second) throws IOException {
    Path plain = clips().clip("part.ts", PICTURES, B_FRAMES);
    Path before = clips().remuxed(plain, "before.ts", "", "-output_ts_offset " + first);
    Path after = clips().remuxed(plain, "after.ts", "", "-output_ts_offset " + second);
    Path both =
        clips().file("both.ts", joined(Files.readAllBytes(before), Files.readAllBytes(after)));
    assertThat(pts(recut.frames(Fixtures.bytes(both)))).isEqualTo(regular(200));
    assertCut(both);
  }

  /** The control: a gap that a camera may well have stays one. */
  @Test
  void shortGap_remains() throws IOException {
    Path plain = clips().clip("p.ts", PICTURES, B_FRAMES);
    Path later = clips().remuxed(plain, "later.ts", "", "-output_ts_offset 9");
    Path both =
        clips().file("gap.ts", joined(Files.readAllBytes(plain), Files.readAllBytes(later)));
    List<Long> ticks = Clips.timestamps(both);
    assertThat(ticks.get(100) - ticks.get(99)).isGreaterThan(4 * 90_000);
    assertThat(pts(recut.frames(Fixtures.bytes(both))))
        .isEqualTo(ticks.stream().map(tick -> (tick - ticks.getFirst()) * 100 / 9).toList());
    assertCut(both);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"mp4", "mkv", "ts"})
  void variableFrameRateWithBFrames_isCutExactly(String container) {
    Path clip = Fixtures.resource("h264-vfr.mp4");
    assertCut(clips().remuxed(clip, "vfr." + container, "", ""));
  }

  @Test
  void negativeFirstTime_isCutExactly() {
    Path clip = Fixtures.resource("h264-vfr.mp4");
    String options = "-output_ts_offset -0.7 -avoid_negative_ts disabled";
    assertCut(clips().remuxed(clip, "negative.mp4", "", options));
  }

  /** Starts between keyframes, so that the edit list hides what comes before. */
  @Test
  void trimmedOpenGops_areCutExactly() {
    Path clip = Fixtures.resource("h264-open-gop.mp4");
    assertCut(clips().remuxed(clip, "trimmed.mp4", "-ss 0.8", ""));
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({"90, mp4", "180, mp4", "-90, mp4", "90, mov", "90, mkv"})
  void rotation_survivesCutting(int degrees, String container) {
    Path clip = Fixtures.resource("h264-vfr.mp4");
    Path turned =
        clips()
            .remuxed(
                clip, "turned" + degrees + "." + container, "-display_rotation:v " + degrees, "");
    assertThat(recut.frames(Fixtures.bytes(turned)).getFirst().width())
        .isEqualTo(degrees == 180 ? 96 : 64);
    assertCut(turned);
  }

  @Test
  void rotation_survivesCuttingOpenGops() {
    Path clip = Fixtures.resource("hevc-open-gop.mp4");
    Path turned = clips().remuxed(clip, "turned-open.mp4", "-display_rotation:v 90", "");
    assertThat(recut.frames(Fixtures.bytes(turned)).getFirst().width()).isEqualTo(64);
    assertCut(turned);
  }

  private void assertCut(Path clip) {
    List<Piece> pieces = recut.cut(clip, 600_000);
    assertThat(pieces).hasSizeGreaterThan(2).allMatch(Piece::keyframeAligned);
    recut.assertSameFrames(Fixtures.bytes(clip), pieces);
  }

  private static List<Long> pts(List<Frame> frames) {
    return frames.stream().map(Frame::ptsMicros).toList();
  }

  private static List<Long> regular(int count) {
    return LongStream.range(0, count).mapToObj(i -> i * 40_000).toList();
  }

  /** One after the other, with packet counters that run on. */
  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    int[] counters = new int[1 << 13];
    Arrays.fill(counters, -1);
    for (int at = 0; at < both.length; at += 188) {
      int pid = (both[at + 1] & 0x1f) << 8 | (both[at + 2] & 0xff);
      boolean payload = (both[at + 3] & 0x10) != 0;
      counters[pid] = payload ? (counters[pid] + 1) & 0xf : counters[pid] & 0xf;
      both[at + 3] = (byte) ((both[at + 3] & 0xf0) | counters[pid]);
    }
    return both;
  }

  private static Clips clips() {
    return new Clips(folder);
  }
}
