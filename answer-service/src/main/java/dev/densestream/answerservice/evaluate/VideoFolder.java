package dev.densestream.answerservice.evaluate;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the videos that question files name: by file name, or as the data sets name theirs. */
public final class VideoFolder {
  private static final List<String> ENDINGS = List.of("", ".mp4", ".mkv", ".webm", ".mov", ".avi");
  private static final List<String> PREFIXES = List.of("", "v_", "video", "vid");

  /** MSVD's table from file names to numbers. */
  private static final String MAPPING = "youtube_mapping.txt";

  private final Path folder;
  private final Map<String, String> mapped = new HashMap<>();

  /**
   * Looks into a folder; files below it are found by their relative names.
   *
   * @throws IOException when MSVD's table is there and cannot be read
   */
  public VideoFolder(Path folder) throws IOException {
    this.folder = requireNonNull(folder, "folder is null").toAbsolutePath().normalize();
    Path mapping = this.folder.resolve(MAPPING);
    if (Files.isRegularFile(mapping)) {
      for (String line : Files.readAllLines(mapping)) {
        String[] words = line.strip().split("\\s+", -1);
        if (words.length == 2) {
          mapped.put(words[1].replaceFirst("^vid", ""), words[0]);
        }
      }
    }
  }

  /** Empty when there is none, or when the name points out of the folder. */
  public Optional<Path> find(String name) {
    String wanted = mapped.getOrDefault(name, name);
    for (String prefix : PREFIXES) {
      for (String ending : ENDINGS) {
        Path file = folder.resolve(prefix + wanted + ending).normalize();
        if (file.startsWith(folder) && Files.isRegularFile(file)) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }
}
