package dev.densestream.answerservice.command;

import dev.densestream.ingest.Media;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The video a command was given. */
final class VideoFile {
  private VideoFile() {}

  static Media open(Path path) {
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      throw new CommandFailedException(
          "video_not_found", "There is no readable file " + path + "; --video names a video file.");
    }
    try {
      return new Media.File(path.toAbsolutePath(), Files.size(path));
    } catch (IOException e) {
      throw new CommandFailedException("video_not_found", "The file " + path + " cannot be read.");
    }
  }
}
