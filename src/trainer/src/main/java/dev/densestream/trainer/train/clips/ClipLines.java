package dev.densestream.trainer.train.clips;

import dev.densestream.answerservice.evaluate.VideoFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads lines {@code {"video","caption"}} and {@code {"video","question","answer"}}. All lines are
 * checked before any is used, so that a training does not end hours later.
 */
final class ClipLines {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** Sentences about bad lines that are said, of possibly many. */
  private static final int SAID = 5;

  private final Path file;
  private final VideoFolder videos;
  private final List<ClipLine> lines = new ArrayList<>();
  private final List<String> bad = new ArrayList<>();

  private ClipLines(Path file, VideoFolder videos) {
    this.file = file;
    this.videos = videos;
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException naming the lines that are wrong, or whose video is missing
   */
  static List<ClipLine> read(Path file, Path folder) {
    try {
      if (!Files.isDirectory(folder)) {
        throw new IllegalArgumentException("there is no folder " + folder + " with the videos");
      }
      ClipLines lines = new ClipLines(file, new VideoFolder(folder));
      lines.read();
      return lines.checked();
    } catch (MalformedInputException e) {
      throw new IllegalArgumentException(file + " is not a text in UTF-8", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " cannot be read", e);
    }
  }

  private void read() throws IOException {
    try (BufferedReader in = Files.newBufferedReader(file)) {
      int number = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        if (!line.isBlank()) {
          read(line, number);
        }
      }
    }
  }

  private void read(String line, int number) {
    try {
      JsonNode json = JSON.readTree(line);
      Optional<String> caption = text(json, "caption");
      Optional<String> question = text(json, "question");
      Optional<String> answer = text(json, "answer");
      Optional<String> name = text(json, "video");
      if (name.isEmpty()) {
        bad(number, "has no \"video\"");
      } else if (caption.isPresent() == (question.isPresent() && answer.isPresent())) {
        bad(number, "must have a \"caption\", or a \"question\" and its \"answer\"");
      } else {
        videos
            .find(name.get())
            .ifPresentOrElse(
                video -> add(number, video, question, caption.or(() -> answer).orElseThrow()),
                () -> bad(number, "names the video " + name.get() + ", which is not there"));
      }
    } catch (JacksonException e) {
      bad(number, "is not JSON");
    }
  }

  private void add(int number, Path video, Optional<String> question, String answer) {
    lines.add(new ClipLine(number, video, question, answer));
  }

  private void bad(int number, String what) {
    bad.add("line " + number + " " + what);
  }

  private static Optional<String> text(JsonNode json, String field) {
    JsonNode value = json.path(field);
    return Optional.of(value.isString() ? value.asString().strip() : "").filter(t -> !t.isEmpty());
  }

  private List<ClipLine> checked() {
    if (!bad.isEmpty()) {
      String more = bad.size() > SAID ? " (and " + (bad.size() - SAID) + " more lines)" : "";
      String said = String.join("; ", bad.subList(0, Math.min(SAID, bad.size())));
      throw new IllegalArgumentException(file + ": " + said + more);
    }
    if (lines.isEmpty()) {
      throw new IllegalArgumentException(file + " has no lines");
    }
    return lines;
  }
}
