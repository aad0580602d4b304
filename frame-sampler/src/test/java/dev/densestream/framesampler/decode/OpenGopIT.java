package dev.densestream.framesampler.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.SegmentCutter.Piece;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cuts before keyframes that later-decoded frames precede in presentation. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenGopIT {
  private static final String PICTURES = "testsrc2=size=160x96:rate=25:duration=3";
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
  @ValueSource(strings = {"h264-open-gop.mp4", "hevc-open-gop.mp4"})
  void losesAndDoublesNoFrame_inAnyContainer(String name) {
    Path clip = Fixtures.resource(name);
    assertCutAtEveryKeyframe(clip);
    for (String container : List.of("ts", "mkv")) {
      assertCutAtEveryKeyframe(clips().remuxed(clip, name + "." + container, "", ""));
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "open.ts, -c:v mpeg2video -bf 2 -g 12 -sc_threshold 1000000000",
    "open.mp4, -c:v mpeg4 -bf 2 -g 12 -sc_threshold 1000000000"
  })
  void losesAndDoublesNoFrame_ofOlderCodecs(String name, String options) {
    assertCutAtEveryKeyframe(clips().clip(name, PICTURES, options));
  }

  /** The control: the frames that a cut hides are there, and a player that ignores it sees them. */
  @Test
  void hiddenFramesAreSeen_withoutTheEditList() {
    Path clip = Fixtures.resource("h264-open-gop.mp4");
    List<Piece> pieces = new Recut(sampler).cut(clip, 400_000);
    int shown = 0;
    int all = 0;
    for (Piece piece : pieces) {
      Path file = clips().file("piece.mp4", piece.media().content());
      shown += Clips.timestamps(file).size();
      all += Clips.timestamps(file, "-ignore_editlist 1").size();
    }
    assertThat(shown).isEqualTo(75);
    assertThat(all).isGreaterThan(75);
  }

  private void assertCutAtEveryKeyframe(Path clip) {
    Recut recut = new Recut(sampler);
    List<Piece> pieces = recut.cut(clip, 400_000);
    assertThat(pieces).hasSize(7).allMatch(Piece::keyframeAligned);
    recut.assertSameFrames(Fixtures.bytes(clip), pieces);
    Media.Bytes third = pieces.get(2).media();
    assertThat(recut.frames(third)).hasSize(12);
  }

  private static Clips clips() {
    return new Clips(folder);
  }
}
