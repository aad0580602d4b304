package dev.densestream.framesampler.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.SegmentCutter.Piece;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
class CuttingIT {
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
  @CsvSource({
    "h264.mp4, video/mp4, -c:v libopenh264 -g 10",
    "h264.mkv, video/mp4, -c:v libopenh264 -g 10",
    "h264.ts, video/mp4, -c:v libopenh264 -g 10",
    "vp8.webm, video/webm, -c:v libvpx -g 10 -b:v 200k -auto-alt-ref 1 -lag-in-frames 4",
    "vp9.webm, video/mp4, -c:v libvpx-vp9 -cpu-used 8 -g 10",
    "vp9.mp4, video/mp4, -c:v libvpx-vp9 -cpu-used 8 -g 10",
    "av1.mkv, video/mp4, -c:v libsvtav1 -preset 12 -g 10",
    "mpeg4-b.mp4, video/mp4, -c:v mpeg4 -bf 2 -g 10 -flags +cgop -sc_threshold 1000000000",
    "mpeg2-b.ts, video/mp4, -c:v mpeg2video -bf 2 -g 10 -flags +cgop -sc_threshold 1000000000"
  })
  void piecesDecodeToTheSameFrames(String name, String contentType, String options) {
    Path clip = new Clips(folder).clip(name, "testsrc2=size=160x96:rate=10:duration=5", options);
    List<Piece> pieces = cut(clip, 1_500_000);
    assertThat(pieces).hasSizeGreaterThanOrEqualTo(2);
    assertThat(pieces).allMatch(Piece::keyframeAligned);
    assertThat(pieces).extracting(Piece::contentType).containsOnly(contentType);
    assertSameFrames(clip, pieces);
  }

  @Test
  void recordingWithSoundAndBFrames_decodesToTheSameFrames() {
    Path clip = Fixtures.path("bigbuckbunny.mp4");
    List<Piece> pieces = cut(clip, 1_000_000);
    assertThat(pieces).allMatch(Piece::keyframeAligned);
    assertSameFrames(clip, pieces);
  }

  @Test
  void trimmedRecording_decodesToTheSameFrames() {
    Clips clips = new Clips(folder);
    Path whole =
        clips.clip(
            "w.mp4",
            "testsrc2=size=160x96:rate=10:duration=5",
            "-c:v mpeg4 -bf 2 -g 10 -flags +cgop -sc_threshold 1000000000");
    Path trimmed = clips.remuxed(whole, "trim.mp4", "-ss 0.45", "");
    assertSameFrames(trimmed, cut(trimmed, 1_000_000));
  }

  @Test
  void sourceWithOneKeyframe_isOnePiece() {
    Path clip =
        new Clips(folder)
            .clip("one.mp4", "testsrc2=size=160x96:rate=10:duration=5", "-c:v mpeg4 -g 600");
    List<Piece> pieces = cut(clip, 500_000);
    assertThat(pieces).hasSize(1);
    assertSameFrames(clip, pieces);
  }

  /** Where pieces end for their size: with their container they still fit into a record. */
  @ParameterizedTest(name = "a keyframe every {0} frames")
  @CsvSource({"100000, false", "1000, true"})
  void everyPieceFitsIntoARecord(int keyframes, boolean aligned) throws IOException {
    Path clip =
        new Clips(folder)
            .clip(
                "busy" + keyframes + ".mp4",
                "color=gray:size=64x64:rate=1000:duration=9,noise=alls=100:allf=t",
                "-c:v mpeg4 -strict experimental -q:v 1 -sc_threshold 1000000000 -g " + keyframes);
    assertThat(Files.size(clip)).isBetween(18L << 20, 60L << 20);
    List<Piece> pieces = cut(clip, 1_000_000);
    assertThat(pieces).hasSizeGreaterThan(1);
    assertThat(pieces.stream().allMatch(Piece::keyframeAligned)).isEqualTo(aligned);
    assertThat(pieces).allMatch(piece -> piece.media().sizeBytes() + (8 << 10) <= 16 << 20);
  }

  /** A capture at media speed holds its process for hours; decoding must go on beside it. */
  @Test
  void cutsThatAreHeld_doNotKeepOthersFromDecoding() {
    Media media = Fixtures.file(Fixtures.path("car-detection.mp4"));
    List<BaseSubscriber<Piece>> held = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        BaseSubscriber<Piece> one = new HeldAfterOne();
        held.add(one);
        sampler.cut(media, 1_000_000).subscribe(one);
      }
      assertThat(frames(Fixtures.bytes(Fixtures.path("bigbuckbunny.mp4")))).hasSize(132);
    } finally {
      held.forEach(BaseSubscriber::cancel);
    }
  }

  private static final class HeldAfterOne extends BaseSubscriber<Piece> {
    @Override
    protected void hookOnSubscribe(Subscription subscription) {
      request(1);
    }
  }

  private List<Piece> cut(Path clip, long targetMicros) {
    return new Recut(sampler).cut(clip, targetMicros);
  }

  private void assertSameFrames(Path clip, List<Piece> pieces) {
    new Recut(sampler).assertSameFrames(Fixtures.bytes(clip), pieces);
  }

  private List<Frame> frames(Media media) {
    return new Recut(sampler).frames(media);
  }
}
