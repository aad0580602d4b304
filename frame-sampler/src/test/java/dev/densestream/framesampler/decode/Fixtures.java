package dev.densestream.framesampler.decode;

import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.ingest.Media;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The recordings beside the checkout, and the clips among this module's resources. */
final class Fixtures {
  private Fixtures() {}

  static Path path(String name) {
    return Path.of(System.getProperty("densestream.fixtures"), "media", name);
  }

  /** See the README beside them. */
  static Path resource(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(Fixtures.class.getResource("/media/" + name), name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
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
