package dev.densestream.visionpipeline.preprocess;

import dev.densestream.framesampler.Frame;

/** Where a frame's pixels go on their way to the encoder, in both directions. */
record Geometry(Axis across, Axis down) {
  /** Centred on a square of the longer side, then resized to {@code side}. */
  static Geometry padded(Frame frame, int side) {
    int longer = Math.max(frame.width(), frame.height());
    return new Geometry(
        Axis.padded(frame.width(), longer, side), Axis.padded(frame.height(), longer, side));
  }

  /** Short side to {@code side}, then the centre of the long one. */
  static Geometry cropped(Frame frame, int side) {
    int width = frame.width();
    int height = frame.height();
    return new Geometry(
        Axis.cropped(width, width <= height ? side : longer(width, height, side), side),
        Axis.cropped(height, width <= height ? longer(height, width, side) : side, side));
  }

  private static int longer(int longer, int shorter, int side) {
    return (int) ((double) side * longer / shorter);
  }

  /** Both sides to sizes of their own, whatever becomes of the proportions. */
  static Geometry stretched(Frame frame, int width, int height) {
    return new Geometry(
        Axis.stretched(frame.width(), width), Axis.stretched(frame.height(), height));
  }
}
