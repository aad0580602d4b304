package dev.densestream.answerservice.web;

import dev.densestream.answerservice.AnswerEngine;
import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerFormat;
import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.Verdict;
import dev.densestream.answerservice.VisualContext;
import dev.densestream.framesampler.Frame;
import dev.densestream.visionpipeline.EncoderOverloadedException;
import dev.densestream.visionpipeline.FrameView;
import dev.densestream.visionpipeline.VisionEncoder;
import dev.densestream.visionpipeline.VisualTokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A model that says what it was asked and how many frames it saw: for tests of everything around
 * it. A question that begins with {@code busy} or {@code fail} is rejected or fails; one that
 * begins with {@code throw 3} breaks the first three times it is asked, one with {@code memory 3}
 * finds no memory then; one that begins with {@code gate} is answered once {@link #open(String)}
 * was called for it.
 */
final class ScriptedModel {
  private static final Map<String, AtomicInteger> THROWN = new ConcurrentHashMap<>();
  private static final Map<String, Gate> GATES = new ConcurrentHashMap<>();

  /** Frames of this width find the encoder overloaded. */
  static final int OVERLOADING = 13;

  private ScriptedModel() {}

  private record Gate(AtomicInteger asked, Sinks.Empty<AnswerEvent> opened) {
    static Gate of(String question) {
      return GATES.computeIfAbsent(question, _ -> new Gate(new AtomicInteger(), Sinks.empty()));
    }
  }

  /** From now on the question is answered, whoever asks. */
  static void open(String question) {
    Gate.of(question).opened.tryEmitEmpty();
  }

  /** How often the question was put, in all applications of this process. */
  static int asked(String question) {
    return Gate.of(question).asked.get();
  }

  static AnswerModel open() {
    return new AnswerModel("scripted", "demo model", new Encoder(), new Engine(), 4);
  }

  private static final class Encoder implements VisionEncoder {
    @Override
    public Mono<VisualTokens> encode(Frame frame, FrameView view) {
      return frame.width() == OVERLOADING
          ? Mono.error(new EncoderOverloadedException(1))
          : Mono.just(new VisualTokens(frame.ptsMicros(), 2, 1, new float[2]));
    }

    @Override
    public int tokensPerFrame() {
      return 2;
    }

    @Override
    public int leastStillTokens() {
      return 2;
    }

    @Override
    public int channels() {
      return 1;
    }

    @Override
    public Duration computing() {
      return Duration.ZERO;
    }

    @Override
    public void close() {}
  }

  private record Context(int frames, int visualTokens) implements VisualContext {
    @Override
    public void close() {}
  }

  private static final class Engine implements AnswerEngine {
    @Override
    public VisualContext context(List<VisualTokens> frames) {
      return new Context(frames.size(), frames.stream().mapToInt(VisualTokens::tokens).sum());
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
      if (question.startsWith("throw ") && again(question)) {
        return Flux.error(new IllegalStateException("broken on purpose"));
      }
      if (question.startsWith("memory ") && again(question)) {
        return Flux.just(new AnswerEvent.Failed("out_of_memory", "There is not enough memory."));
      }
      List<String> words =
          settings.format() instanceof AnswerFormat.Choices(var choices)
              ? List.of(choices.getFirst())
              : List.of(
                  "saw ", ((Context) context).frames() + " frames: ", question + " <b>&amp;</b>");
      List<AnswerEvent> events = new ArrayList<>();
      words.forEach(word -> events.add(new AnswerEvent.Token(word)));
      events.add(
          new AnswerEvent.Finished(
              String.join("", words),
              AnswerEvent.FinishReason.STOP,
              new AnswerEvent.Usage(7, context.visualTokens(), 0, words.size(), 5, 9),
              verdict(settings.format())));
      if (question.startsWith("gate")) {
        return Flux.defer(
            () -> {
              Gate.of(question).asked.incrementAndGet();
              return Gate.of(question).opened.asMono().thenMany(Flux.fromIterable(events));
            });
      }
      return Flux.fromIterable(events);
    }

    /** Whether it is one of the first times that the question says. */
    private static boolean again(String question) {
      int times = Integer.parseInt(question.split(" ", 3)[1]);
      return THROWN.computeIfAbsent(question, _ -> new AtomicInteger()).getAndIncrement() < times;
    }

    /** The first choice four times as probable as all others together. */
    private static Optional<Verdict> verdict(AnswerFormat format) {
      if (!(format instanceof AnswerFormat.Choices(var choices))) {
        return Optional.empty();
      }
      List<Verdict.Share> shares = new ArrayList<>();
      for (String choice : choices) {
        double other = 0.2 / Math.max(1, choices.size() - 1);
        shares.add(new Verdict.Share(choice, shares.isEmpty() ? 0.8 : other));
      }
      return Optional.of(new Verdict(shares));
    }

    @Override
    public Duration computing() {
      return Duration.ZERO;
    }

    @Override
    public void close() {}
  }
}
