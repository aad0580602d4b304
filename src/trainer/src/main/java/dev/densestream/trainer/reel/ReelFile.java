package dev.densestream.trainer.reel;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.densestream.trainer.language.Captions;
import dev.densestream.trainer.language.Example;
import dev.densestream.trainer.video.ClipFormat;
import dev.densestream.trainer.video.ClipWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A reel as a video, and beside it what is true of it, in lines of JSON. */
public final class ReelFile {
  private static final JsonMapper JSON = JsonMapper.shared();

  private ReelFile() {}

  /**
   * Writes both.
   *
   * @param video ends in {@code .mp4}; the truth is beside it, in {@code .jsonl}
   * @throws IOException when a file cannot be written or the format cannot be encoded
   */
  public static void write(Reel reel, ClipFormat format, Path video) throws IOException {
    String name = String.valueOf(video.getFileName());
    ClipWriter.write(reel.scenes().stream().map(ReelScene::scene).toList(), format, video);
    Path truth = video.resolveSibling(name.replaceFirst("\\.mp4$", "") + ".jsonl");
    Files.write(truth, lines(reel, name), UTF_8);
  }

  /** A line for each scene's answer to each question, and one for its caption; seconds. */
  public static List<String> lines(Reel reel, String video) {
    List<String> lines = new ArrayList<>();
    double start = 0;
    for (ReelScene scene : reel.scenes()) {
      double end = start + scene.scene().seconds();
      for (Example example : scene.examples()) {
        ObjectNode line =
            line(video, scene, start, end)
                .put("question", example.question())
                .put("answer", example.answer())
                .put("type", example.type().word());
        example.choices().forEach(line.putArray("choices")::add);
        lines.add(JSON.writeValueAsString(line));
      }
      ObjectNode caption = line(video, scene, start, end);
      Captions.of(scene.facts()).ifPresent(text -> caption.put("caption", text));
      lines.add(JSON.writeValueAsString(caption));
      start = end;
    }
    return lines;
  }

  private static ObjectNode line(String video, ReelScene scene, double start, double end) {
    return JSON.createObjectNode()
        .put("video", video)
        .put("scene", scene.index())
        .put("start", start)
        .put("end", end);
  }
}
