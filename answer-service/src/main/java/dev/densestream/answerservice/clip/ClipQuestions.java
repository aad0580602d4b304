package dev.densestream.answerservice.clip;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerFormat;
import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.VisualContext;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.ingest.Media;
import dev.densestream.visionpipeline.FrameView;
import dev.densestream.visionpipeline.VisualTokens;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;

/** Several questions about one clip, whose frames are decoded, encoded and prefilled once. */
public final class ClipQuestions {
  /** Answers generated together. */
  private static final int AT_ONCE = 8;

  private final FrameSampler sampler;
  private final AnswerModel model;

  public ClipQuestions(FrameSampler sampler, AnswerModel model) {
    this.sampler = requireNonNull(sampler, "sampler is null");
    this.model = requireNonNull(model, "model is null");
  }

  /** What is asked, and what the answer may look like. */
  public record Asked(String question, AnswerFormat format) {
    public Asked {
      requireNonNull(question, "question is null");
      requireNonNull(format, "format is null");
    }
  }

  /** What became of one question, or of the clip. */
  public sealed interface Outcome {
    /** The model's answer. */
    record Answered(String text) implements Outcome {}

    /** None, with a stable code and a sentence. */
    record Refused(String code, String detail) implements Outcome {}
  }

  /**
   * An outcome for each question, in their order; or one {@link Outcome.Refused} alone when the
   * clip cannot be seen.
   *
   * @param settings the formats apart
   */
  public Flux<Outcome> ask(Media media, List<Asked> questions, AskSettings settings) {
    return Flux.defer(
        () -> {
          List<VisualTokens> frames = new ArrayList<>(settings.frames());
          return new EncodedFrames(sampler, model.encoder())
              .of(media, new SamplingPolicy.Uniform(settings.frames()), view(settings))
              .concatMap(event -> accept(event, frames, questions, settings), 1);
        });
  }

  /** A single frame is a still image, as where one question is asked. */
  private static FrameView view(AskSettings settings) {
    return settings.frames() == 1 ? FrameView.STILL : FrameView.VIDEO;
  }

  private Flux<Outcome> accept(
      EncodedFrames.Event event,
      List<VisualTokens> frames,
      List<Asked> questions,
      AskSettings settings) {
    return switch (event) {
      case EncodedFrames.Encoded(var tokens) -> {
        frames.add(tokens);
        yield Flux.empty();
      }
      case EncodedFrames.Ended _ when frames.isEmpty() ->
          Flux.just(new Outcome.Refused("no_frames", "The video has no frame to look at."));
      case EncodedFrames.Ended _ ->
          Flux.using(
              () -> model.engine().context(List.copyOf(frames)),
              context ->
                  Flux.fromIterable(questions)
                      .flatMapSequential(one -> answer(context, one, settings), AT_ONCE, 1),
              VisualContext::close);
      case EncodedFrames.GivenUp givenUp -> {
        ClipEvent.Refused refused = givenUp.asClipEvent();
        yield Flux.just(new Outcome.Refused(refused.code(), refused.detail()));
      }
    };
  }

  private Flux<Outcome> answer(VisualContext context, Asked asked, AskSettings settings) {
    GenerationSettings generation = settings.generation().with(asked.format());
    return new WindowQuestion(model.engine(), asked.question(), generation)
        .about(context)
        .concatMap(
            event ->
                switch (event) {
                  case AnswerEvent.Begun _, AnswerEvent.Token _ -> Flux.<Outcome>empty();
                  case AnswerEvent.Finished(var answer, _, _, _) ->
                      Flux.just(new Outcome.Answered(answer));
                  case AnswerEvent.Rejected(var detail) ->
                      Flux.just(new Outcome.Refused("model_busy", detail));
                  case AnswerEvent.Failed(var code, var detail) ->
                      Flux.just(new Outcome.Refused(code, detail));
                },
            1);
  }
}
