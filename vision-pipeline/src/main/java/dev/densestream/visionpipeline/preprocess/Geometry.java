package dev.densestream.visionpipeline.preprocess;

import dev.densestream.framesampler.Frame;

/**
 * Where a frame's pixels go on their way to the encoder's square: onto a canvas (larger than the
 * frame if padded), resized, and a window of that cut out.
 *
 * @param left pixels of padding left of the frame; {@code top} likewise
 * @param windowLeft first column of the window in the resized canvas; {@code windowTop} likewise
 */
record Geometry(
    int canvasWidth,
    int canvasHeight,
    int left,
    int top,
    int resizedWidth,
    int resizedHeight,
    int windowLeft,
    int windowTop) {

  /** Centred on a square of the longer side, then resized to {@code side}. */
  static Geometry padded(Frame frame, int side) {
    int longer = Math.max(frame.width(), frame.height());
    return new Geometry(
        longer,
        longer,
        (longer - frame.width()) / 2,
        (longer - frame.height()) / 2,
        side,
        side,
        0,
        0);
  }

  /** Short side to {@code side}, then the centre of the long one. */
  static Geometry cropped(Frame frame, int side) {
    int width = frame.width();
    int height = frame.height();
    int shorter = Math.min(width, height);
    int resizedWidth = width <= height ? side : (int) ((double) side * width / shorter);
    int resizedHeight = width <= height ? (int) ((double) side * height / shorter) : side;
    return new Geometry(
        width,
        height,
        0,
        0,
        resizedWidth,
        resizedHeight,
        (resizedWidth - side) / 2,
        (resizedHeight - side) / 2);
  }

  /** Both sides to {@code side}, whatever becomes of the proportions. */
  static Geometry stretched(Frame frame, int side) {
    return new Geometry(frame.width(), frame.height(), 0, 0, side, side, 0, 0);
  }
}
