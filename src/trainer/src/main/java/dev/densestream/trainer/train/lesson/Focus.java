package dev.densestream.trainer.train.lesson;

import java.util.SplittableRandom;

/**
 * How sharp a picture is: as it was drawn, softer, sharpened with halos, or enlarged from a smaller
 * one without smoothing, in blocks.
 *
 * @param softness share of a blurred copy; sharpens below 0
 * @param block pixels along a block's side, 1 for none
 */
record Focus(float softness, double block) {
  /** One of many, most of them as drawn. */
  static Focus any(SplittableRandom random) {
    return switch (random.nextInt(10)) {
      case 0, 1 -> new Focus((float) random.nextDouble(0.3, 1), 1);
      case 2 -> new Focus((float) random.nextDouble(-0.8, -0.2), 1);
      case 3 -> new Focus(0, random.nextDouble(1.2, 2.2));
      default -> new Focus(0, 1);
    };
  }

  /**
   * Changes a picture.
   *
   * @param rgb {@code [height, width, 3]} uint8
   */
  void apply(byte[] rgb, int width, int height) {
    if (block > 1) {
      toBlocks(rgb, width, height);
    }
    if (softness != 0) {
      // Once along the rows and once along the columns.
      mix(rgb, width, height, 3, 3 * width);
      mix(rgb, height, width, 3 * width, 3);
    }
  }

  /** Every block gets the pixel at its middle. */
  private void toBlocks(byte[] rgb, int width, int height) {
    byte[] sharp = rgb.clone();
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        int from = 3 * (middle(row, height) * width + middle(column, width));
        System.arraycopy(sharp, from, rgb, 3 * (row * width + column), 3);
      }
    }
  }

  private int middle(int at, int count) {
    return Math.min(count - 1, (int) ((Math.floor(at / block) + 0.5) * block));
  }

  /**
   * Mixes each pixel with the mean of its neighbours along one direction.
   *
   * @param length pixels along it, {@code step} bytes apart
   * @param lines across it, {@code stride} bytes apart
   */
  private void mix(byte[] rgb, int length, int lines, int step, int stride) {
    for (int line = 0; line < lines; line++) {
      for (int channel = 0; channel < 3; channel++) {
        int at = line * stride + channel;
        int before = rgb[at] & 0xff;
        for (int i = 0; i < length; i++, at += step) {
          int own = rgb[at] & 0xff;
          int next = i + 1 < length ? rgb[at + step] & 0xff : own;
          float blurred = 0.25f * before + 0.5f * own + 0.25f * next;
          float mixed = own + softness * (blurred - own);
          rgb[at] = (byte) (int) Math.clamp(mixed + 0.5f, 0f, 255f);
          before = own;
        }
      }
    }
  }
}
