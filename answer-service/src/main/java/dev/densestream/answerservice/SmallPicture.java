package dev.densestream.answerservice;

import dev.densestream.framesampler.Frame;

/** Frames made small enough to be kept for looking at. */
final class SmallPicture {
  private static final int LONGEST_SIDE = 640;

  private SmallPicture() {}

  /**
   * {@code frame} itself where no side is longer than {@value #LONGEST_SIDE} pixels, else a copy.
   */
  static Frame of(Frame frame) {
    int longer = Math.max(frame.width(), frame.height());
    return longer <= LONGEST_SIDE
        ? frame
        : shrunk(frame, scaled(frame.width(), longer), scaled(frame.height(), longer));
  }

  private static int scaled(int side, int longer) {
    return Math.max(1, (int) ((long) side * LONGEST_SIDE / longer));
  }

  /**
   * Each pixel is the mean of four of those it stands for: the cost does not grow with the frame.
   */
  private static Frame shrunk(Frame frame, int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      int upper = place(4 * y + 1, height, frame.height()) * frame.width();
      int lower = place(4 * y + 3, height, frame.height()) * frame.width();
      for (int x = 0; x < width; x++) {
        int left = place(4 * x + 1, width, frame.width());
        int right = place(4 * x + 3, width, frame.width());
        int at = 3 * (y * width + x);
        for (int colour = 0; colour < 3; colour++) {
          int sum =
              value(frame, upper + left, colour)
                  + value(frame, upper + right, colour)
                  + value(frame, lower + left, colour)
                  + value(frame, lower + right, colour);
          rgb[at + colour] = (byte) ((sum + 2) / 4);
        }
      }
    }
    return new Frame(frame.ptsMicros(), width, height, rgb);
  }

  /** The pixel of a longer side at {@code quarters} of a shorter side's quarter pixels. */
  private static int place(int quarters, int shorter, int longer) {
    return (int) ((long) quarters * longer / (4L * shorter));
  }

  private static int value(Frame frame, int pixel, int colour) {
    return frame.rgb()[3 * pixel + colour] & 0xff;
  }
}
