package dev.densestream.trainer.train.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GradingTest {
  private static final int[] NAMED = {0xe02020, 0x20c030, 0x2040e0, 0xf0e020};

  private static byte[] pixel(int rgb) {
    return new byte[] {(byte) (rgb >> 16), (byte) (rgb >> 8), (byte) rgb};
  }

  private static int at(byte[] rgb, int channel) {
    return rgb[channel] & 0xff;
  }

  /** What a colour is called follows from which channels are large: they stay the large ones. */
  @Test
  void leavesColoursWhatTheyAreCalled_andChangesMany() {
    SplittableRandom random = new SplittableRandom(1);
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 400; i++) {
      Grading grading = Grading.any(random);
      for (int rgb : NAMED) {
        byte[] pixel = pixel(rgb);
        grading.apply(pixel);
        seen.add(at(pixel, 0) << 16 | at(pixel, 1) << 8 | at(pixel, 2));
        for (int a = 0; a < 3; a++) {
          for (int b = 0; b < 3; b++) {
            if (at(pixel(rgb), a) > at(pixel(rgb), b) + 90) {
              assertThat(at(pixel, a)).as("%06x", rgb).isGreaterThan(at(pixel, b) + 30);
            }
          }
        }
      }
    }
    assertThat(seen).hasSizeGreaterThan(400);
  }

  @Test
  void leavesGreysAlmostGrey() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 400; i++) {
      byte[] pixel = pixel(0xa0a0a0);
      Grading.any(random).apply(pixel);
      for (int channel = 1; channel < 3; channel++) {
        assertThat(Math.abs(at(pixel, channel) - at(pixel, 0))).isLessThan(20);
      }
    }
  }
}
