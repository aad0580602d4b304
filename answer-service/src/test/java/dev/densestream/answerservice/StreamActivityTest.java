package dev.densestream.answerservice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.framesampler.Frame;
import dev.densestream.ingest.StreamId;
import java.time.Clock;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class StreamActivityTest {
  private static final StreamId STREAM = new StreamId("gate");

  private final StreamActivity activity = new StreamActivity(Clock.systemUTC());

  @Test
  void keepsASmallPictureOfALargeFrame() {
    Frame large = frame(4096, 4096);
    StreamActivity.Latest latest = sampled(large);
    assertThat(latest.picture()).isNotSameAs(large);
    assertThat(latest.picture().rgb()).hasSizeLessThanOrEqualTo(640 * 640 * 3);
    assertThat(latest.picture().ptsMicros()).isEqualTo(large.ptsMicros());
    assertThat(latest.width()).isEqualTo(4096);
    assertThat(latest.height()).isEqualTo(4096);
  }

  /** The control: nothing is copied that need not be. */
  @Test
  void keepsASmallFrameAsItIs() {
    Frame small = frame(320, 180);
    assertThat(sampled(small).picture()).isSameAs(small);
    assertThat(sampled(frame(640, 640)).picture().width()).isEqualTo(640);
  }

  @Test
  void keepsTheShape_ofWideAndOfTallFrames() {
    Frame wide = sampled(frame(1920, 1080)).picture();
    assertThat(wide.width()).isEqualTo(640);
    assertThat(wide.height()).isEqualTo(360);
    Frame tall = sampled(frame(3, 4096)).picture();
    assertThat(tall.width()).isEqualTo(1);
    assertThat(tall.height()).isEqualTo(640);
  }

  /** Left half red, right half blue: so is the small picture, and so are its edges. */
  @Test
  void showsWhatTheFrameShows() {
    Frame halves = frame(1280, 1000);
    byte[] rgb = halves.rgb();
    for (int pixel = 0; pixel < 1280 * 1000; pixel++) {
      Arrays.fill(rgb, 3 * pixel, 3 * pixel + 3, (byte) 0);
      rgb[3 * pixel + (pixel % 1280 < 640 ? 0 : 2)] = (byte) 200;
    }
    byte[] small = sampled(halves).picture().rgb();
    for (int y : new int[] {0, 250, 499}) {
      assertThat(pixel(small, 0, y)).containsExactly(200, 0, 0);
      assertThat(pixel(small, 319, y)).containsExactly(200, 0, 0);
      assertThat(pixel(small, 320, y)).containsExactly(0, 0, 200);
      assertThat(pixel(small, 639, y)).containsExactly(0, 0, 200);
    }
  }

  @Test
  void numbersEachFrame_alsoAfterForgetting() {
    long first = sampled(frame(8, 6)).number();
    activity.forget(STREAM);
    assertThat(activity.of(STREAM)).isEmpty();
    assertThat(sampled(frame(8, 6)).number()).isNotEqualTo(first);
  }

  private static int[] pixel(byte[] rgb, int x, int y) {
    int at = 3 * (640 * y + x);
    return new int[] {rgb[at] & 0xff, rgb[at + 1] & 0xff, rgb[at + 2] & 0xff};
  }

  private StreamActivity.Latest sampled(Frame frame) {
    activity.sampled(STREAM, frame);
    StreamActivity.Latest latest = activity.of(STREAM).orElseThrow().latest();
    assertThat(latest).isNotNull();
    return latest;
  }

  private static Frame frame(int width, int height) {
    return new Frame(40_000, width, height, new byte[3 * width * height]);
  }
}
