package dev.densestream.benchmarks.window;

import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.ModelSettings;
import dev.densestream.answerservice.clip.AskSettings;
import dev.densestream.answerservice.clip.ClipPipeline;
import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.ingest.Media;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Times questions about clips that are a window long, one after the other, as {@code ask} asks
 * them: decoding and sampling in a child process, encoding, answering.
 */
public final class WindowTime {
  private static final int ROUNDS = 5;
  private static final List<String> QUESTIONS =
      List.of(
          "Is there a red circle?",
          "How many objects are there?",
          "What happens first?",
          "Describe the video in one sentence.",
          "Describe the video.");

  private WindowTime() {}

  /**
   * Prints a Markdown table.
   *
   * @param clips video files
   */
  public static void main(String[] clips) {
    if (clips.length == 0) {
      throw new IllegalArgumentException("usage: WindowTime CLIP...");
    }
    MeterRegistry meters = new SimpleMeterRegistry();
    List<Media> media = Stream.of(clips).map(WindowTime::media).toList();
    try (FrameSampler sampler =
            FrameSampler.open(DecoderSettings.defaults().withChildren(1), meters);
        AnswerModel model = AnswerModel.demo(ModelSettings.defaults(), meters)) {
      ClipPipeline pipeline = new ClipPipeline(sampler, model);
      AskSettings settings = AskSettings.forModel(model);
      media.forEach(clip -> millis(pipeline, clip, QUESTIONS.getLast(), settings)); // not counted
      System.out.println("| question | clips | median, ms | 95 % | longest |");
      System.out.println("| --- | ---: | ---: | ---: | ---: |");
      for (String question : QUESTIONS) {
        double[] all =
            Stream.generate(() -> media)
                .limit(ROUNDS)
                .flatMap(List::stream)
                .mapToDouble(clip -> millis(pipeline, clip, question, settings))
                .toArray();
        print(question, media.size(), all);
      }
    }
  }

  private static Media media(String clip) {
    try {
      return new Media.Bytes(Files.readAllBytes(Path.of(clip)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + clip, e);
    }
  }

  private static double millis(
      ClipPipeline pipeline, Media clip, String question, AskSettings settings) {
    long start = System.nanoTime();
    pipeline.ask(clip, question, settings).blockLast();
    return (System.nanoTime() - start) / 1e6;
  }

  private static void print(String question, int clips, double[] millis) {
    Arrays.sort(millis);
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %.0f | %.0f | %.0f |%n",
        question,
        clips,
        millis[millis.length / 2],
        millis[(int) (millis.length * 0.95)],
        millis[millis.length - 1]);
  }
}
