package dev.densestream.trainer.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.densestream.trainer.language.CaptionLength;
import dev.densestream.trainer.language.Captions;
import dev.densestream.trainer.language.Example;
import dev.densestream.trainer.language.QuestionType;
import dev.densestream.trainer.language.Questions;
import dev.densestream.trainer.video.ClipFormat;
import dev.densestream.trainer.video.ClipWriter;
import dev.densestream.trainer.world.Facts;
import dev.densestream.trainer.world.Scene;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A folder of clips with one question of each type about each, in the form that users write. */
final class ClipFolder implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Path folder;
  private final SceneOptions which;
  private final BufferedWriter questionLines;
  private final BufferedWriter captionLines;
  private final BufferedWriter descriptionLines;
  private int clips;
  private int questions;

  private ClipFolder(Path folder, SceneOptions which, List<BufferedWriter> lines) {
    this.folder = folder;
    this.which = which;
    this.questionLines = lines.get(0);
    this.captionLines = lines.get(1);
    this.descriptionLines = lines.get(2);
  }

  /**
   * Begins the files.
   *
   * @param which tells what a viewer looks at
   */
  @SuppressWarnings("MustBeClosedChecker") // the folder closes them
  static ClipFolder open(Path folder, SceneOptions which) throws IOException {
    Files.createDirectories(folder);
    List<BufferedWriter> lines = new ArrayList<>();
    try {
      for (String name : List.of("questions", "captions", "descriptions")) {
        lines.add(Files.newBufferedWriter(folder.resolve(name + ".jsonl"), UTF_8));
      }
      return new ClipFolder(folder, which, lines);
    } catch (IOException failure) {
      for (BufferedWriter open : lines) {
        open.close();
      }
      throw failure;
    }
  }

  int clips() {
    return clips;
  }

  int questions() {
    return questions;
  }

  void add(Scene scene, ClipFormat format) throws IOException {
    String name = String.format(Locale.ROOT, "scene-%05d.mp4", clips++);
    ClipWriter.write(scene, format, folder.resolve(name));
    Facts facts = Facts.of(scene, which.times(scene));
    SplittableRandom random = new SplittableRandom(scene.seed());
    for (Example example : oneOfEach(Questions.about(facts, random), random)) {
      write(questionLines, line(name, example));
      questions++;
    }
    Optional<String> caption = Captions.of(facts);
    if (caption.isPresent()) {
      write(captionLines, caption(name, caption.get(), facts));
      for (CaptionLength length : CaptionLength.values()) {
        write(descriptionLines, description(name, length, facts));
      }
    }
  }

  private static List<Example> oneOfEach(List<Example> all, SplittableRandom random) {
    Map<QuestionType, List<Example>> byType = new EnumMap<>(QuestionType.class);
    for (Example example : all) {
      byType.computeIfAbsent(example.type(), _ -> new ArrayList<>()).add(example);
    }
    return byType.values().stream().map(some -> some.get(random.nextInt(some.size()))).toList();
  }

  private static ObjectNode line(String video, Example example) {
    ObjectNode line =
        JSON.createObjectNode()
            .put("video", video)
            .put("question", example.question())
            .put("answer", example.answer())
            .put("type", example.type().word());
    example.choices().forEach(line.putArray("choices")::add);
    return line;
  }

  private static ObjectNode caption(String video, String caption, Facts facts) {
    ObjectNode line = JSON.createObjectNode().put("video", video).put("caption", caption);
    ArrayNode events = line.putArray("events");
    for (Captions.Timed event : Captions.events(facts, 0)) {
      events.addObject().put("seconds", event.seconds()).put("text", event.text());
    }
    return line;
  }

  /** As a question, so that a model's own captions can be had and checked. */
  private static ObjectNode description(String video, CaptionLength length, Facts facts) {
    return JSON.createObjectNode()
        .put("id", video + "/" + length.word())
        .put("video", video)
        .put("question", length.prompt())
        .put("answer", length.of(facts).getFirst())
        .put("type", length.word());
  }

  private static void write(BufferedWriter lines, ObjectNode line) throws IOException {
    lines.write(JSON.writeValueAsString(line));
    lines.write('\n');
  }

  @Override
  public void close() throws IOException {
    try (questionLines;
        captionLines) {
      descriptionLines.close();
    }
  }
}
