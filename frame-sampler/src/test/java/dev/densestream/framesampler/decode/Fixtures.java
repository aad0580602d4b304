package dev.densestream.framesampler.decode;

import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.ingest.Media;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The recordings beside the checkout. */
final class Fixtures {
  private Fixtures() {}

  static Path path(String name) {
    return Path.of(System.getProperty("densestream.fixtures"), "media", name);
  }

  static Media.File file(Path path) {
    try {
      return new Media.File(path, Files.size(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Media.Bytes bytes(Path path) {
    try {
      return new Media.Bytes(Files.readAllBytes(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Frame> frames(List<SampleEvent> events) {
    return events.stream()
        .filter(SampleEvent.Sampled.class::isInstance)
        .map(event -> ((SampleEvent.Sampled) event).frame())
        .toList();
  }
}
