package dev.densestream.answerservice.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.DeadLetter;
import dev.densestream.answerservice.live.SegmentFrames.Use;
import dev.densestream.framesampler.DropReason;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.ingest.PtsRange;
import dev.densestream.visionpipeline.VisualTokens;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SegmentFramesTest {
  private static final long SECOND = 1_000_000;
  private static final PtsRange SAYS_NOTHING = new PtsRange(7 * SECOND, 7 * SECOND);

  @Test
  void givesUpASegment_thatEndsBeforeItBegins() {
    SegmentFrames frames = ended(SAYS_NOTHING, Long.MIN_VALUE, false);

    assertThat(frames.failure()).map(DeadLetter.Cause::code).hasValue("segment_bad_times");
    assertThat(frames.refused()).isTrue();
    assertThat(frames.range()).isEqualTo(SAYS_NOTHING);
    assertThat(frames.decodedMicros()).isZero();
    assertThat(frames.encoded()).isEmpty();
    assertThat(frames.counts()).isEqualTo(new FrameCounts(2, 0, 0, Map.of(DropReason.DECODER, 2L)));
  }

  @Test
  void givesUpASegment_longerThanAnHour_andTakesOneOfAnHour() {
    assertThat(ended(SAYS_NOTHING, 3_600 * SECOND + 1, false).failure())
        .map(DeadLetter.Cause::code)
        .hasValue("segment_too_long");
    assertThat(ended(SAYS_NOTHING, 3_600 * SECOND, false).failure()).isEmpty();
  }

  @Test
  void takesTheLengthOfTheMedia_whereNoneIsClaimed() {
    SegmentFrames frames = ended(SAYS_NOTHING, SECOND, false);

    assertThat(frames.failure()).isEmpty();
    assertThat(frames.range()).isEqualTo(new PtsRange(7 * SECOND, 8 * SECOND));
    assertThat(frames.decodedMicros()).isEqualTo(SECOND);
    assertThat(frames.encoded()).hasSize(2);
    assertThat(frames.counts()).isEqualTo(new FrameCounts(2, 2, 0, Map.of()));
  }

  @Test
  void believesAClaim_aSecondBeyondTheMedia_andNoFurther() {
    PtsRange twice = new PtsRange(0, 2 * SECOND);
    assertThat(ended(twice, SECOND, false).range()).isEqualTo(twice);
    assertThat(ended(twice, SECOND, false).decodedMicros()).isEqualTo(2 * SECOND);

    SegmentFrames further = ended(new PtsRange(0, 60 * SECOND), SECOND, false);
    assertThat(further.range()).isEqualTo(new PtsRange(0, SECOND));
    assertThat(further.decodedMicros()).isEqualTo(SECOND);
  }

  @Test
  void keepsTheClaim_ofADamagedSegment_asWhatIsMissing() {
    SegmentFrames damaged = ended(new PtsRange(0, 60 * SECOND), SECOND, true);
    assertThat(damaged.range()).isEqualTo(new PtsRange(0, 60 * SECOND));
    assertThat(damaged.decodedMicros()).isEqualTo(SECOND);
  }

  /** Of two frames. */
  private static SegmentFrames ended(PtsRange claimed, long decodedMicros, boolean damaged) {
    SegmentFrames frames = new SegmentFrames(Use.ASKED, claimed);
    for (int frame = 0; frame < 2; frame++) {
      long pts = claimed.startMicros() + frame;
      frames.add(new SegmentFrames.Encoded(new VisualTokens(pts, 1, 1, new float[1])));
    }
    FrameCounts counts = new FrameCounts(2, 2, 0, Map.of());
    frames.add(new SegmentFrames.Ended(new SampleEvent.Finished(counts, decodedMicros, damaged)));
    return frames;
  }
}
