package dev.densestream.answerservice.chat;

import dev.densestream.framesampler.Frame;
import dev.densestream.ingest.MediaRefusedException;
import dev.densestream.visionpipeline.StillImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Decodes single pictures with the JDK's own readers, after a look at their size. */
final class PictureFrames {
  private static final Set<String> FORMATS = Set.of("jpeg", "png", "gif", "bmp");
  private static final long MOST_PIXELS = 40_000_000;

  private PictureFrames() {}

  /** The first picture as a frame at 0. @throws MediaRefusedException when it is not usable */
  static Frame decode(byte[] content) {
    try (ImageInputStream input =
        ImageIO.createImageInputStream(new ByteArrayInputStream(content))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(input);
      if (!readers.hasNext()) {
        throw refused("not_a_picture", "The picture is not a JPEG, PNG, GIF or BMP.");
      }
      ImageReader reader = readers.next();
      try {
        if (!FORMATS.contains(reader.getFormatName().toLowerCase(Locale.ROOT))) {
          throw refused("not_a_picture", "The picture is not a JPEG, PNG, GIF or BMP.");
        }
        reader.setInput(input, true, true);
        if (Math.max(reader.getWidth(0), reader.getHeight(0)) > StillImage.MOST_SIDE) {
          throw refused("too_many_pixels", "The picture is longer than 65,535 pixels.");
        }
        if ((long) reader.getWidth(0) * reader.getHeight(0) > MOST_PIXELS) {
          throw refused("too_many_pixels", "The picture has more than 40 million pixels.");
        }
        return StillImage.frame(reader.read(0));
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException broken) {
      // The readers throw many kinds on hostile input; none of their words is for people.
      throw broken instanceof MediaRefusedException known
          ? known
          : refused("damaged_picture", "The picture is damaged and cannot be read.");
    }
  }

  private static MediaRefusedException refused(String code, String detail) {
    return new MediaRefusedException(code, detail);
  }
}
