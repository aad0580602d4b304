package dev.densestream.answerservice.command;

import dev.densestream.framesampler.Frame;
import dev.densestream.visionpipeline.StillImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The picture a command was given. */
final class PictureFile {
  private static final long MOST_BYTES = 256L << 20;
  private static final long MOST_PIXELS = 40_000_000;

  private PictureFile() {}

  static Frame read(Path path) {
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      throw new CommandFailedException(
          "image_not_found", "There is no readable file " + path + "; --image names a picture.");
    }
    try {
      if (Files.size(path) > MOST_BYTES) {
        throw new CommandFailedException(
            "too_large", "The file " + path + " is larger than 256 MiB.");
      }
      return StillImage.read(Files.readAllBytes(path), MOST_PIXELS);
    } catch (IOException e) {
      throw new CommandFailedException(
          "not_a_picture", "The file " + path + " cannot be used: " + e.getMessage() + ".");
    }
  }
}
