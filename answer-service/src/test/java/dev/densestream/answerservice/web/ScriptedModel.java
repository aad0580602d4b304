package dev.densestream.answerservice.web;

import dev.densestream.answerservice.AnswerEngine;
import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.VisualContext;
import dev.densestream.framesampler.Frame;
import dev.densestream.visionpipeline.FrameView;
import dev.densestream.visionpipeline.VisionEncoder;
import dev.densestream.visionpipeline.VisualTokens;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A model that says what it was asked and how many frames it saw: for tests of everything around
 * it. A question that begins with {@code busy} or {@code fail} is rejected or fails.
 */
final class ScriptedModel {
  private ScriptedModel() {}

  static AnswerModel open() {
    return new AnswerModel("scripted", "untrained demo model", new Encoder(), new Engine(), 4);
  }

  private static final class Encoder implements VisionEncoder {
    @Override
    public Mono<VisualTokens> encode(Frame frame, FrameView view) {
      return Mono.just(new VisualTokens(frame.ptsMicros(), 1, 1, new float[1]));
    }

    @Override
    public int tokensPerFrame() {
      return 1;
    }

    @Override
    public int leastStillTokens() {
      return 1;
    }

    @Override
    public int channels() {
      return 1;
    }

    @Override
    public void close() {}
  }

  private record Context(int visualTokens) implements VisualContext {
    @Override
    public void close() {}
  }

  private static final class Engine implements AnswerEngine {
    @Override
    public VisualContext context(List<VisualTokens> frames) {
      return new Context(frames.size());
    }

    @Override
    public Flux<AnswerEvent> answer(
        VisualContext context, List<Turn> turns, GenerationSettings settings) {
      String question = turns.getLast().text();
      if (question.startsWith("busy")) {
        return Flux.just(new AnswerEvent.Rejected("The model is busy."));
      }
      if (question.startsWith("fail")) {
        return Flux.just(new AnswerEvent.Failed("context_too_long", "The question is too long."));
      }
      List<String> words =
          List.of("saw ", context.visualTokens() + " frames: ", question + " <b>&amp;</b>");
      List<AnswerEvent> events = new ArrayList<>();
      words.forEach(word -> events.add(new AnswerEvent.Token(word)));
      events.add(
          new AnswerEvent.Finished(
              String.join("", words),
              AnswerEvent.FinishReason.STOP,
              new AnswerEvent.Usage(7, context.visualTokens(), 0, words.size(), 5, 9)));
      return Flux.fromIterable(events);
    }

    @Override
    public void close() {}
  }
}
