package dev.densestream.answerservice.application;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The demo's recordings, which come with the application. */
final class DemoRecording {
  private DemoRecording() {}

  /** Copies one into a folder, over what is there of its name. */
  static Path copy(String name, Path folder) throws IOException {
    try (InputStream resource = DemoRecording.class.getResourceAsStream("/demo/" + name)) {
      if (resource == null) {
        throw new IllegalStateException("the application was built without /demo/" + name);
      }
      return Files.write(folder.resolve(name), resource.readAllBytes());
    }
  }
}
