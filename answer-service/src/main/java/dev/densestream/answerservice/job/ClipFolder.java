package dev.densestream.answerservice.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.clip.ClipFormat;
import dev.densestream.answerservice.clip.ClipResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is remembered of each job over a restart: its order, its status, its result. Each file is
 * written beside its place and moved there, so it is whole or not there. Blocks.
 */
final class ClipFolder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClipFolder.class);
  private static final String STATUS = ".status.json";
  private static final String ORDER = ".order.json";
  private static final String WITHDRAWN = ".withdrawn";
  private static final String TRIES = ".tries";
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private final Path folder;
  private final JsonMapper json = JsonMapper.builder().build();

  private final boolean temporary;
  private final boolean shared;

  private ClipFolder(Path folder, boolean temporary, boolean shared) {
    this.folder = requireNonNull(folder, "folder is null");
    this.temporary = temporary;
    this.shared = shared;
  }

  /**
   * Opens the folder {@code jobs} in {@code parent}, or a temporary one that goes when closed.
   *
   * @param shared other processes read and write there too
   * @throws UncheckedIOException when it cannot be made
   */
  static ClipFolder open(@Nullable Path parent, boolean shared) {
    try {
      return parent == null
          ? new ClipFolder(Files.createTempDirectory("densestream-jobs"), true, false)
          : new ClipFolder(Files.createDirectories(parent.resolve("jobs")), false, shared);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a folder for clip jobs in " + parent, e);
    }
  }

  @Override
  public void close() {
    if (!temporary) {
      return;
    }
    try (var files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      LOG.warn("temporary folder {} could not be deleted", folder, e);
    }
  }

  boolean shared() {
    return shared;
  }

  /**
   * A job as it was remembered.
   *
   * @param withdrawn somebody deleted its clip before it was over
   */
  record Remembered(ClipJob job, ClipStatus status, boolean withdrawn) {}

  /** One job; empty also when its files are damaged, with a warning. */
  Optional<Remembered> find(String id) {
    Path status = folder.resolve(id + STATUS);
    if (!ID.matcher(id).matches() || Files.notExists(status)) {
      return Optional.empty();
    }
    try {
      return read(id, status);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read what is known of clip " + id, e);
    }
  }

  /** When its status was written last. */
  Instant writtenAt(String id) {
    try {
      return Files.getLastModifiedTime(folder.resolve(id + STATUS)).toInstant();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read what is known of clip " + id, e);
    }
  }

  /** Leaves word, for whoever works on the job, that nobody wants it any more. */
  void withdraw(String id) {
    write(id + WITHDRAWN, new byte[0]);
  }

  boolean isWithdrawn(String id) {
    return Files.exists(folder.resolve(id + WITHDRAWN));
  }

  /** All jobs; one whose files are damaged is left out, with a warning. */
  List<Remembered> load() {
    List<Remembered> found = new ArrayList<>();
    try (var files = Files.newDirectoryStream(folder, "*" + STATUS)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        String id = name.substring(0, name.length() - STATUS.length());
        find(id).ifPresent(found::add);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the clip folder " + folder, e);
    }
    return found;
  }

  void save(ClipJob job) {
    write(job.clip() + ORDER, job.toJson());
  }

  void save(ClipStatus status) {
    write(status.id() + STATUS, json.writeValueAsBytes(status));
  }

  /** Notes that the job is tried once more. @return how often it was, this time included */
  int tries(String id) {
    try {
      Path file = folder.resolve(id + TRIES);
      int tries = Files.exists(file) ? Integer.parseInt(Files.readString(file)) + 1 : 1;
      write(id + TRIES, Integer.toString(tries).getBytes(UTF_8));
      return tries;
    } catch (IOException | NumberFormatException e) {
      throw new IllegalStateException("cannot tell how often clip " + id + " was tried", e);
    }
  }

  void save(String id, ClipResult result) {
    for (ClipFormat format : ClipFormat.values()) {
      write(id + "." + format.extension(), format.write(result).getBytes(UTF_8));
    }
  }

  /** The result as it is served. */
  String result(String id, ClipFormat format) {
    try {
      return Files.readString(folder.resolve(id + "." + format.extension()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the result of clip " + id, e);
    }
  }

  void delete(String id) {
    try {
      // The status first: without it the rest is nobody's, whatever happens in between.
      Files.deleteIfExists(folder.resolve(id + STATUS));
      Files.deleteIfExists(folder.resolve(id + ORDER));
      for (ClipFormat format : ClipFormat.values()) {
        Files.deleteIfExists(folder.resolve(id + "." + format.extension()));
      }
      Files.deleteIfExists(folder.resolve(id + WITHDRAWN));
      Files.deleteIfExists(folder.resolve(id + TRIES));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete the result of clip " + id, e);
    }
  }

  private Optional<Remembered> read(String id, Path status) throws IOException {
    try {
      return Optional.of(
          new Remembered(
              ClipJob.parse(Files.readAllBytes(folder.resolve(id + ORDER))),
              json.readValue(Files.readAllBytes(status), ClipStatus.class),
              isWithdrawn(id)));
    } catch (JacksonException | IllegalArgumentException | NoSuchFileException e) {
      LOG.warn("what was remembered of clip {} is damaged and is left out: {}", id, e.toString());
      return Optional.empty();
    }
  }

  private void write(String name, byte[] content) {
    try {
      Path unfinished = Files.createTempFile(folder, "unfinished", "");
      try {
        Files.write(unfinished, content);
        Files.move(unfinished, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(unfinished);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + name, e);
    }
  }
}
