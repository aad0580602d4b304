package dev.densestream.trainer.world;

/**
 * What the camera adds.
 *
 * @param noise standard deviation of each channel, of 255
 * @param shake largest displacement, in units of the square root of the picture's area
 * @param gain brightness, 1 leaves it
 */
public record Camera(double noise, double shake, double gain, long seed) {
  public Camera {
    if (noise < 0 || shake < 0 || gain <= 0) {
      throw new IllegalArgumentException(
          "noise and shake must be >= 0, gain > 0: were " + noise + ", " + shake + ", " + gain);
    }
  }
}
