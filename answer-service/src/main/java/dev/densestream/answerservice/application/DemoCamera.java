package dev.densestream.answerservice.application;

import dev.densestream.answerservice.AnswerFormat;
import dev.densestream.answerservice.Question;
import dev.densestream.answerservice.VisualBudget;
import dev.densestream.answerservice.WindowShape;
import dev.densestream.answerservice.clip.CaptionSettings;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.ingest.StreamId;
import java.nio.file.Path;
import java.util.List;

/**
 * A camera of the demo: a recording of the synthetic world, scene after scene, and questions that
 * every scene answers. What is right stands in the file beside the recording.
 *
 * @param name of the stream, and of the recording
 */
record DemoCamera(String name, List<Asked> questions) {
  /** Each scene lasts so long, and so does each window: a window sees one scene. */
  static final int SCENE_MILLIS = 8_000;

  /** A picture for each second, from its middle: eight of a window, as the model learnt to see. */
  private static final int SEGMENT_MILLIS = 1_000;

  private static final String SAMPLING = "uniform:1";
  private static final int LONGEST_ANSWER = 64;

  /** A standing question. */
  record Asked(String id, String text, AnswerFormat format) {}

  static final List<DemoCamera> ALL =
      List.of(
          new DemoCamera(
              "demo-star",
              List.of(
                  new Asked("star-colour", "What colour is the star?", AnswerFormat.text()),
                  new Asked("star-moves", "Is the star moving?", new AnswerFormat.YesNo()),
                  new Asked(
                      "star-way",
                      "Which way does the star move?",
                      new AnswerFormat.Choices(
                          List.of("left", "right", "up", "down", "nowhere"))))),
          new DemoCamera(
              "demo-crowd",
              List.of(
                  new Asked("crowd-count", "How many objects are there?", AnswerFormat.text()),
                  new Asked("crowd-circle", "Is there a circle?", new AnswerFormat.YesNo()),
                  new Asked("crowd-happens", CaptionSettings.DEFAULT_PROMPT, AnswerFormat.text()))),
          new DemoCamera(
              "demo-race",
              List.of(
                  new Asked(
                      "race-first",
                      "Which moves first: the circle or the square?",
                      new AnswerFormat.Choices(List.of("circle", "square"))),
                  new Asked("race-end", "Where is the circle at the end?", AnswerFormat.text()))));

  StreamId stream() {
    return new StreamId(name);
  }

  String recording() {
    return name + ".mp4";
  }

  StreamDefinition definition(Path recording) {
    return new StreamDefinition(
        stream(),
        recording.toString(),
        true,
        StreamDefinition.Pace.MEDIA_SPEED,
        SEGMENT_MILLIS,
        SCENE_MILLIS,
        SAMPLING,
        StreamDefinition.Overload.LATEST);
  }

  List<Question> standing() {
    WindowShape window = new WindowShape(SCENE_MILLIS, SCENE_MILLIS);
    return questions.stream()
        .map(
            asked ->
                new Question(
                    asked.id(),
                    1,
                    name,
                    asked.text(),
                    window,
                    LONGEST_ANSWER,
                    VisualBudget.UNBOUNDED,
                    asked.format()))
        .toList();
  }
}
