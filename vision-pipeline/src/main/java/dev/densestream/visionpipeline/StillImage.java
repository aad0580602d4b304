package dev.densestream.visionpipeline;

import dev.densestream.framesampler.Frame;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * PNG, JPEG and what else the JDK reads, as a frame: gray repeated, palette expanded, alpha dropped
 * without blending, as the original converts to RGB.
 */
public final class StillImage {
  /** Longer pictures are refused: padding one to a square would take 12 GiB of pixels. */
  public static final int MOST_SIDE = 65_535;

  private StillImage() {}

  /**
   * Decodes an image.
   *
   * @param mostPixels refused beyond this, before any memory is taken for them
   * @throws IOException if it is no readable image, or too large; the message is fit to be shown
   */
  public static Frame read(byte[] file, long mostPixels) throws IOException {
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new IOException("the image has a format that is not supported");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels > mostPixels) {
          throw new IOException("the image must have at most " + mostPixels + " pixels");
        }
        if (Math.max(reader.getWidth(0), reader.getHeight(0)) > MOST_SIDE) {
          throw new IOException("the image must be at most " + MOST_SIDE + " pixels long");
        }
        return frame(reader.read(0));
      } catch (RuntimeException e) {
        throw new IOException("the image is damaged", e);
      } finally {
        reader.dispose();
      }
    }
  }

  /**
   * The picture as a frame at 0, straight from the samples: {@code getRGB} would take gray for
   * linear light and change it.
   */
  public static Frame frame(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    Raster raster = image.getRaster();
    int bands = raster.getNumBands();
    int largest = (1 << raster.getSampleModel().getSampleSize(0)) - 1;
    int[] row = new int[width * bands];
    for (int y = 0; y < height; y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int to = (y * width + x) * 3;
        int at = x * bands;
        if (image.getColorModel() instanceof IndexColorModel palette) {
          int index = row[at];
          put(rgb, to, palette.getRed(index), palette.getGreen(index), palette.getBlue(index));
        } else {
          int second = bands < 3 ? at : at + 1; // gray, perhaps with alpha: one band three times
          int third = bands < 3 ? at : at + 2;
          put(
              rgb,
              to,
              toByte(row[at], largest),
              toByte(row[second], largest),
              toByte(row[third], largest));
        }
      }
    }
    return new Frame(0, width, height, rgb);
  }

  /** Of deeper samples the high byte, shallower ones spread over the range. */
  private static int toByte(int sample, int largest) {
    return largest > 255 ? sample >> 8 : sample * 255 / largest;
  }

  private static void put(byte[] rgb, int to, int red, int green, int blue) {
    rgb[to] = (byte) red;
    rgb[to + 1] = (byte) green;
    rgb[to + 2] = (byte) blue;
  }
}
