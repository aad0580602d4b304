package dev.densestream.visionpipeline.preprocess;

/**
 * One direction of a frame's way to the encoder: {@code frame} pixels go onto a canvas of {@code
 * canvas}, {@code before} of them padding in front; the canvas is resized to {@code resized}
 * pixels, and of those {@code window} are kept, from {@code from} on.
 */
record Axis(int frame, int canvas, int before, int resized, int from, int window) {
  /** The whole frame, whatever becomes of the proportions. */
  static Axis stretched(int frame, int side) {
    return new Axis(frame, frame, 0, side, 0, side);
  }

  /** Centred on a canvas that is at least as long. */
  static Axis padded(int frame, int canvas, int side) {
    return new Axis(frame, canvas, (canvas - frame) / 2, side, 0, side);
  }

  /** The middle of the resized frame. */
  static Axis cropped(int frame, int resized, int side) {
    return new Axis(frame, frame, 0, resized, (resized - side) / 2, side);
  }
}
