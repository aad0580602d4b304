package dev.densestream.trainer.train.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FocusTest {
  private static final int WIDTH = 12;
  private static final int HEIGHT = 8;

  /** Dark on the left, bright on the right. */
  private static byte[] edge() {
    byte[] rgb = new byte[3 * WIDTH * HEIGHT];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i / 3 % WIDTH < WIDTH / 2 ? 60 : 180);
    }
    return rgb;
  }

  private static int at(byte[] rgb, int row, int column) {
    return rgb[3 * (row * WIDTH + column)] & 0xff;
  }

  private static byte[] applied(Focus focus, byte[] rgb) {
    focus.apply(rgb, WIDTH, HEIGHT);
    return rgb;
  }

  @Test
  void leavesThePicture_whenThereIsNothingToDo() {
    assertThat(applied(new Focus(0, 1), edge())).isEqualTo(edge());
  }

  @Test
  void softensEdges_orSharpensThemWithHalos() {
    byte[] soft = applied(new Focus(1, 1), edge());
    byte[] sharp = applied(new Focus(-0.8f, 1), edge());
    for (int row = 0; row < HEIGHT; row++) {
      assertThat(at(soft, row, 5)).isEqualTo(90);
      assertThat(at(soft, row, 6)).isEqualTo(150);
      assertThat(at(soft, row, 2)).isEqualTo(60);
      assertThat(at(sharp, row, 5)).isLessThan(60);
      assertThat(at(sharp, row, 6)).isGreaterThan(180);
      assertThat(at(sharp, row, 9)).isEqualTo(180);
    }
  }

  @Test
  void putsBlocksInPlaceOfPixels() {
    byte[] ramp = new byte[3 * WIDTH * HEIGHT];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = (byte) (i / 3);
    }
    byte[] blocks = applied(new Focus(0, 2), ramp.clone());
    for (int row = 0; row < HEIGHT; row += 2) {
      for (int column = 0; column < WIDTH; column += 2) {
        int own = at(blocks, row, column);
        assertThat(at(blocks, row, column + 1)).isEqualTo(own);
        assertThat(at(blocks, row + 1, column + 1)).isEqualTo(own);
      }
    }
    assertThat(Arrays.equals(blocks, ramp)).isFalse();
  }
}
