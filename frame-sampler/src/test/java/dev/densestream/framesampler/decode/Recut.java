package dev.densestream.framesampler.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.SegmentCutter.Piece;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Compares a media with its pieces, frame by frame. */
record Recut(FrameSampler sampler) {
  private static final Duration LONGEST = Duration.ofSeconds(60);

  List<Piece> cut(Path clip, long targetMicros) {
    return cut(Fixtures.file(clip), targetMicros);
  }

  List<Piece> cut(Media media, long targetMicros) {
    List<Piece> pieces = sampler.cut(media, targetMicros).collectList().block(LONGEST);
    assertThat(pieces).isNotNull();
    return pieces;
  }

  /** All frames of a media that is whole. */
  List<Frame> frames(Media media) {
    List<SampleEvent> events =
        sampler.sample(media, SamplingPolicy.parse("fps:1000")).collectList().block(LONGEST);
    assertThat(events).isNotNull();
    assertThat(events.getLast())
        .isInstanceOfSatisfying(
            SampleEvent.Finished.class,
            finished -> assertThat(finished.damaged()).as("damaged").isFalse());
    return Fixtures.frames(events);
  }

  /** Each frame is in one piece, and shown there: the same bytes at the same time. */
  void assertSameFrames(Media clip, List<Piece> pieces) {
    assertContiguous(pieces);
    List<Frame> whole = frames(clip);
    List<Frame> again = new ArrayList<>();
    List<Long> places = new ArrayList<>();
    for (Piece piece : pieces) {
      for (Frame frame : frames(piece.media())) {
        again.add(frame);
        places.add(piece.range().startMicros() + frame.ptsMicros());
      }
    }
    assertThat(again).hasSameSizeAs(whole);
    for (int i = 0; i < whole.size(); i++) {
      assertThat(again.get(i).rgb()).as("frame %d", i).isEqualTo(whole.get(i).rgb());
      // Two roundings to whole microseconds instead of one.
      assertThat(Math.abs(places.get(i) - whole.get(i).ptsMicros())).as("PTS %d", i).isLessThan(2);
    }
  }

  private static void assertContiguous(List<Piece> pieces) {
    assertThat(pieces.getFirst().range().startMicros()).isZero();
    for (int i = 1; i < pieces.size(); i++) {
      assertThat(pieces.get(i).range().startMicros())
          .isEqualTo(pieces.get(i - 1).range().endMicros());
    }
  }
}
