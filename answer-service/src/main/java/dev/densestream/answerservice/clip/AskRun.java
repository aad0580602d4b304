package dev.densestream.answerservice.clip;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.Question;
import dev.densestream.answerservice.VisualBudget;
import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.MediaProbe;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.MediaRefusedException;
import dev.densestream.ingest.PtsRange;
import dev.densestream.visionpipeline.FrameView;
import dev.densestream.visionpipeline.VisualTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Flux;

/** Answers one question about frames spread over the whole media, or about one picture. */
final class AskRun {
  private final EncodedFrames encodedFrames;
  private final AnswerModel model;
  private final String question;
  private final GenerationSettings generation;
  private final VisualBudget budget;
  private final int count;

  /** Throws {@link MediaRefusedException} if the settings allow not even one frame. */
  AskRun(FrameSampler sampler, AnswerModel model, String question, AskSettings settings) {
    this.encodedFrames = new EncodedFrames(sampler, model.encoder());
    this.model = model;
    this.question = question;
    this.generation = settings.generation();
    this.budget = VisualBudget.of(Question.VISUAL_TOKENS, settings.maxVisualTokens(), model);
    this.count = budget.frames(settings.frames());
  }

  Flux<ClipEvent> events(Media media, MediaProbe probe) {
    return Flux.defer(
        () -> {
          RunProgress progress = new RunProgress(probe);
          List<VisualTokens> frames = new ArrayList<>(count);
          return encodedFrames
              .of(media, new SamplingPolicy.Uniform(count), view())
              .concatMap(event -> accept(event, frames, progress), 1);
        });
  }

  /** A single frame is a still image, and seen in as much detail as one. */
  private FrameView view() {
    return count == 1 ? budget.still() : FrameView.VIDEO;
  }

  /** About one picture, which is the whole media. */
  Flux<ClipEvent> events(Frame picture) {
    FrameCounts one = new FrameCounts(1, 1, 0, Map.of());
    return model
        .encoder()
        .encode(picture, budget.still())
        .flatMapMany(tokens -> answer(List.of(tokens), new SampleEvent.Finished(one, 0, false)));
  }

  private Flux<ClipEvent> accept(
      EncodedFrames.Event event, List<VisualTokens> frames, RunProgress progress) {
    return switch (event) {
      case EncodedFrames.Encoded(var tokens) -> {
        frames.add(tokens);
        yield Flux.just(progress.encoded(tokens.ptsMicros()));
      }
      case EncodedFrames.Ended(var finished) -> answer(List.copyOf(frames), finished);
      case EncodedFrames.GivenUp givenUp -> Flux.just(givenUp.asClipEvent());
    };
  }

  private Flux<ClipEvent> answer(List<VisualTokens> frames, SampleEvent.Finished end) {
    if (frames.isEmpty()) {
      return Flux.just(new ClipEvent.Refused("no_frames", "The video has no frame to look at."));
    }
    return new WindowQuestion(model.engine(), question, generation)
        .about(frames)
        .mapNotNull(
            event ->
                switch (event) {
                  case AnswerEvent.Begun _ -> null;
                  case AnswerEvent.Token(var text) -> new ClipEvent.Token(text);
                  case AnswerEvent.Finished answer -> finish(frames, answer, end);
                  case AnswerEvent.Rejected(var detail) ->
                      new ClipEvent.Refused("model_busy", detail);
                  case AnswerEvent.Failed(var code, var detail) ->
                      new ClipEvent.Refused(code, detail);
                });
  }

  private ClipEvent finish(
      List<VisualTokens> frames, AnswerEvent.Finished answer, SampleEvent.Finished end) {
    long endMicros = Math.max(end.durationMicros(), frames.getLast().ptsMicros());
    TimedText text = Texts.timed(new PtsRange(0, endMicros), frames, answer);
    return new ClipEvent.Finished(
        new ClipResult(
            ClipResult.Model.of(model), Texts.extent(end), Optional.of(question), List.of(text)));
  }
}
