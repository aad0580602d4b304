package dev.densestream.answerservice.clip;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerModel;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.MediaProbe;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.PtsRange;
import dev.densestream.visionpipeline.VisualTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Captions a media window by window. While a window is being captioned only the frames already in
 * flight are encoded; the decoder waits.
 */
final class CaptionRun {
  private final EncodedFrames encodedFrames;
  private final AnswerModel model;
  private final CaptionSettings settings;
  private final WindowQuestion question;

  CaptionRun(FrameSampler sampler, AnswerModel model, CaptionSettings settings) {
    this.encodedFrames = new EncodedFrames(sampler, model.encoder());
    this.model = model;
    this.settings = settings;
    this.question = new WindowQuestion(model.engine(), settings.prompt(), settings.generation());
  }

  Flux<ClipEvent> events(Media media, MediaProbe probe) {
    return Flux.defer(
        () -> {
          Windows windows = new Windows(probe);
          return encodedFrames
              .of(media, new SamplingPolicy.Fps(settings.framesPerSecond()))
              .concatMap(windows::accept, 1)
              .takeUntil(CaptionRun::isLast);
        });
  }

  private static boolean isLast(ClipEvent event) {
    return event instanceof ClipEvent.Refused || event instanceof ClipEvent.Finished;
  }

  /** The open window and the captions so far; one per subscription, called one event at a time. */
  private final class Windows {
    private final RunProgress progress;
    private final List<VisualTokens> open = new ArrayList<>();
    private final List<TimedText> captions = new ArrayList<>();

    Windows(MediaProbe probe) {
      progress = new RunProgress(probe);
    }

    Flux<ClipEvent> accept(EncodedFrames.Event event) {
      return switch (event) {
        case EncodedFrames.Encoded(var tokens) -> add(tokens);
        case EncodedFrames.Ended(var finished) ->
            close(finished.durationMicros()).concatWith(Mono.fromSupplier(() -> finish(finished)));
        case EncodedFrames.GivenUp givenUp -> Flux.just(givenUp.asClipEvent());
      };
    }

    private Flux<ClipEvent> add(VisualTokens tokens) {
      boolean next = !open.isEmpty() && indexOf(tokens) != indexOf(open.getFirst());
      Flux<ClipEvent> closed = next ? close(Long.MAX_VALUE) : Flux.empty();
      return closed.concatWith(
          Mono.fromSupplier(
              () -> {
                open.add(tokens);
                return progress.encoded(tokens.ptsMicros());
              }));
    }

    private Flux<ClipEvent> close(long mediaEndMicros) {
      if (open.isEmpty()) {
        return Flux.empty();
      }
      List<VisualTokens> frames = List.copyOf(open);
      open.clear();
      PtsRange range = rangeOf(frames, mediaEndMicros);
      return question
          .about(frames)
          .<ClipEvent>mapNotNull(
              event ->
                  switch (event) {
                    case AnswerEvent.Token _ -> null;
                    case AnswerEvent.Finished answer -> captioned(range, frames, answer);
                    case AnswerEvent.Rejected(var detail) ->
                        new ClipEvent.Refused("model_busy", detail);
                    case AnswerEvent.Failed(var code, var detail) ->
                        new ClipEvent.Refused(code, detail);
                  });
    }

    private ClipEvent captioned(
        PtsRange range, List<VisualTokens> frames, AnswerEvent.Finished answer) {
      TimedText caption = Texts.timed(range, frames, answer);
      captions.add(caption);
      return new ClipEvent.Captioned(caption);
    }

    private PtsRange rangeOf(List<VisualTokens> frames, long mediaEndMicros) {
      long start = indexOf(frames.getFirst()) * settings.windowMicros();
      long end = Math.min(start + settings.windowMicros(), mediaEndMicros);
      return new PtsRange(start, Math.max(end, frames.getLast().ptsMicros()));
    }

    private long indexOf(VisualTokens tokens) {
      return Math.floorDiv(tokens.ptsMicros(), settings.windowMicros());
    }

    private ClipEvent finish(SampleEvent.Finished end) {
      return new ClipEvent.Finished(
          new ClipResult(
              ClipResult.Model.of(model), Texts.extent(end), Optional.empty(), captions));
    }
  }
}
