package dev.densestream.trainer.train.ablation;

import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.ModelSettings;
import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.VisualContext;
import dev.densestream.framesampler.Frame;
import dev.densestream.visionpipeline.VisualTokens;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;

/** How long a model as it is served takes for a window: all frames, one question, one answer. */
final class AnswerTime {
  private static final int REPEATS = 9;
  private static final int WIDTH = 320;
  private static final int HEIGHT = 240;

  private AnswerTime() {}

  /** Milliseconds, the median. */
  static double median(Path model) {
    try (AnswerModel served =
        AnswerModel.load(model, ModelSettings.defaults(), new SimpleMeterRegistry())) {
      List<Frame> frames =
          IntStream.range(0, served.framesPerWindow()).mapToObj(AnswerTime::frame).toList();
      double[] millis = new double[REPEATS];
      for (int i = -1; i < REPEATS; i++) {
        long start = System.nanoTime();
        answer(served, frames);
        if (i >= 0) { // the first call of all pays for what is made once
          millis[i] = (System.nanoTime() - start) / 1e6;
        }
      }
      Arrays.sort(millis);
      return millis[REPEATS / 2];
    }
  }

  private static Frame frame(int index) {
    byte[] rgb = new byte[3 * WIDTH * HEIGHT];
    new Random(index).nextBytes(rgb);
    return new Frame(index * 500_000L, WIDTH, HEIGHT, rgb);
  }

  private static void answer(AnswerModel served, List<Frame> frames) {
    List<VisualTokens> tokens =
        Flux.fromIterable(frames)
            .flatMapSequential(served.encoder()::encode, frames.size())
            .collectList()
            .block();
    List<Turn> turns = List.of(new Turn(Turn.Role.USER, "What colour is the circle?"));
    try (VisualContext context = served.engine().context(tokens == null ? List.of() : tokens)) {
      served.engine().answer(context, turns, GenerationSettings.greedy(2)).blockLast();
    }
  }
}
