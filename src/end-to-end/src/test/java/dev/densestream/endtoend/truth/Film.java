package dev.densestream.endtoend.truth;

import dev.densestream.answerservice.AnswerFormat;
import dev.densestream.answerservice.Question;
import dev.densestream.answerservice.VisualBudget;
import dev.densestream.answerservice.WindowShape;
import dev.densestream.answerservice.clip.CaptionSettings;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.PtsRange;
import dev.densestream.ingest.Segment;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.ingest.StreamId;
import dev.densestream.trainer.reel.Reel;
import dev.densestream.trainer.reel.ReelPlan;
import dev.densestream.trainer.reel.ReelScene;
import dev.densestream.trainer.video.ClipFormat;
import dev.densestream.trainer.video.ClipWriter;
import dev.densestream.trainer.world.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Scenes made for this test, each in a video of its own, each as long as a window.
 *
 * @param questions by id: those that every scene answers
 * @param formats of their answers, for those that are not free text
 */
record Film(
    StreamId stream,
    Reel reel,
    ClipFormat format,
    Map<String, String> questions,
    Map<String, AnswerFormat> formats) {
  /** Asked of every film; its answer is a caption. */
  static final String HAPPENS = CaptionSettings.DEFAULT_PROMPT;

  private static final int SECONDS = 6;
  private static final int FRAMES = 8;
  private static final int SCENES = 12;
  private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

  static Film of(
      String stream,
      long seed,
      ClipFormat format,
      Map<String, String> questions,
      Map<String, AnswerFormat> formats) {
    List<String> texts = List.copyOf(questions.values());
    ReelPlan plan = new ReelPlan(Split.TEST, seed, SCENES, SECONDS, 4 / 3.0, FRAMES, texts, 0);
    return new Film(new StreamId(stream), Reel.of(plan), format, questions, formats);
  }

  StreamDefinition definition() {
    return new StreamDefinition(
        stream,
        null,
        false,
        StreamDefinition.Pace.AS_DEMANDED,
        1000 * SECONDS,
        "uniform:" + FRAMES,
        StreamDefinition.Overload.LOSSLESS);
  }

  List<Question> standing() {
    List<Question> standing = new ArrayList<>();
    questions.forEach(
        (id, text) ->
            standing.add(question(id, text, formats.getOrDefault(id, AnswerFormat.text()))));
    standing.add(question(happens(), HAPPENS, AnswerFormat.text()));
    return standing;
  }

  /** Id of the question what happens. */
  String happens() {
    return stream.value() + "-happens";
  }

  private Question question(String id, String text, AnswerFormat answers) {
    WindowShape window = new WindowShape(1000 * SECONDS, 1000 * SECONDS);
    return new Question(id, 1, stream.value(), text, window, 64, VisualBudget.UNBOUNDED, answers);
  }

  List<Segment> segments(Path folder) throws IOException {
    List<Segment> segments = new ArrayList<>();
    for (ReelScene scene : reel.scenes()) {
      Path file = folder.resolve(stream + "-" + segments.size() + ".mp4");
      ClipWriter.write(scene.scene(), format, file);
      long number = segments.size();
      long start = startMicros(number);
      segments.add(
          new Segment(
              stream,
              "film",
              number,
              new PtsRange(start, start + SECONDS * 1_000_000L),
              false,
              START.plusSeconds(number * SECONDS),
              "video/mp4",
              new Media.Bytes(Files.readAllBytes(file))));
    }
    return segments;
  }

  /** Where a scene, and its window, begins. */
  long startMicros(long scene) {
    return scene * SECONDS * 1_000_000;
  }

  /** The scene that a window sees. */
  int scene(long windowStartMicros) {
    return Math.toIntExact(windowStartMicros / (SECONDS * 1_000_000L));
  }
}
