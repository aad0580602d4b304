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
import tools.jackson.databind.node.ArrayNode;
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

  /**
   * A line for each scene's answer to each question, and one for its caption with what happens;
   * times in seconds of the reel.
   */
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
      lines.add(JSON.writeValueAsString(caption(line(video, scene, start, end), scene, start)));
      start = end;
    }
    return lines;
  }

  private static ObjectNode caption(ObjectNode line, ReelScene scene, double start) {
    Captions.of(scene.facts()).ifPresent(text -> line.put("caption", text));
    ArrayNode events = line.putArray("events");
    for (Captions.Timed event : Captions.events(scene.facts(), start)) {
      events.addObject().put("seconds", event.seconds()).put("text", event.text());
    }
    return line;
  }

  private static ObjectNode line(String video, ReelScene scene, double start, double end) {
    return JSON.createObjectNode()
        .put("video", video)
        .put("scene", scene.index())
        .put("start", start)
        .put("end", end);
  }
}
