package dev.densestream.framesampler.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.framesampler.policy.UniformIndices;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.SegmentCutter.Piece;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Interlaced H.264: two packets make a frame, and are one frame everywhere. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FieldCodedIT {
  private static final int FRAMES = 24;
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
  @ValueSource(strings = {"ts", "mp4", "mkv"})
  void uniform_countsFramesAndNotFields(String container) {
    Path clip = fieldCoded(container);
    assertThat(Clips.packets(clip)).as("the control").isEqualTo(2 * FRAMES);
    assertThat(Clips.timestamps(clip)).as("what FFmpeg decodes").hasSize(FRAMES);
    assertUniform(clip, FRAMES);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"h264-mbaff.ts, 50"})
  void uniform_countsInterlacedFrames(String name, int frames) {
    assertUniform(Fixtures.resource(name), frames);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"ts", "mp4", "mkv"})
  void keyframes_haveBothTheirFields(String container) {
    Media clip = Fixtures.bytes(fieldCoded(container));
    List<Frame> every = Fixtures.frames(sample(clip, "fps:1000"));
    List<SampleEvent> events = sample(clip, "keyframes");
    List<Frame> keyframes = Fixtures.frames(events);
    assertThat(keyframes).hasSize(FRAMES / 6);
    for (int i = 0; i < keyframes.size(); i++) {
      byte[] rgb = keyframes.get(i).rgb();
      assertThat(rgb).isEqualTo(every.get(6 * i).rgb());
      assertThat((rgb[3 * 32] & 0xff) - (rgb[0] & 0xff)).as("odd over even rows").isGreaterThan(90);
    }
    assertThat(finished(events).counts())
        .isEqualTo(new FrameCounts(FRAMES, FRAMES / 6, FRAMES - FRAMES / 6, Map.of()));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"ts", "mp4", "mkv"})
  void cutting_keepsFieldsTogether(String container) {
    Path clip = fieldCoded(container);
    Recut recut = new Recut(sampler);
    List<Piece> pieces = recut.cut(clip, 200_000);
    assertThat(pieces).hasSize(FRAMES / 6).allMatch(Piece::keyframeAligned);
    recut.assertSameFrames(Fixtures.bytes(clip), pieces);
  }

  private void assertUniform(Path clip, int frames) {
    List<Frame> every = Fixtures.frames(sample(Fixtures.bytes(clip), "fps:1000"));
    assertThat(every).hasSize(frames);
    List<SampleEvent> events = sample(Fixtures.bytes(clip), "uniform:8");
    List<Long> expected =
        Arrays.stream(UniformIndices.of(frames, 8))
            .mapToObj(i -> every.get(i).ptsMicros())
            .toList();
    assertThat(Fixtures.frames(events)).map(Frame::ptsMicros).isEqualTo(expected);
    assertThat(finished(events).counts())
        .isEqualTo(new FrameCounts(frames, 8, frames - 8, Map.of()));
  }

  private static Path fieldCoded(String container) {
    Clips clips = new Clips(folder);
    Path raw = clips.file("fields.h264", FieldCodedClip.of(FRAMES, 6));
    Path stream = clips.remuxed(raw, "fields.ts", "-f h264", "");
    return container.equals("ts") ? stream : clips.remuxed(stream, "fields." + container, "", "");
  }

  private static SampleEvent.Finished finished(List<SampleEvent> events) {
    assertThat(events.getLast()).isInstanceOf(SampleEvent.Finished.class);
    return (SampleEvent.Finished) events.getLast();
  }

  private List<SampleEvent> sample(Media media, String policy) {
    List<SampleEvent> events =
        sampler
            .sample(media, SamplingPolicy.parse(policy))
            .collectList()
            .block(Duration.ofSeconds(60));
    assertThat(events).isNotNull();
    return events;
  }
}
