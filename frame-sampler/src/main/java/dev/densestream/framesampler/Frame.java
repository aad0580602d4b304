package dev.densestream.framesampler;

import static java.util.Objects.requireNonNull;

/**
 * One decoded picture, upright.
 *
 * @param ptsMicros presentation time in microseconds, measured from the first frame of its media
 * @param width pixels
 * @param height pixels
 * @param rgb {@code [height, width, 3]} uint8, rows without padding. Handed over: nobody writes to
 *     it afterwards
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity, never by content
public record Frame(long ptsMicros, int width, int height, byte[] rgb) {
  public Frame {
    requireNonNull(rgb, "rgb is null");
    if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "rgb must be [height, width, 3]: was "
              + rgb.length
              + " bytes for "
              + width
              + "x"
              + height);
    }
  }

  @Override
  public String toString() {
    return "Frame[" + width + "x" + height + " at " + ptsMicros + "us]";
  }
}
