package dev.densestream.answerservice.clip;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerModel;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.MediaProbe;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.PtsRange;
import dev.densestream.visionpipeline.FrameView;
import dev.densestream.visionpipeline.VisualTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Captions a media window by window. While a window is being captioned only the frames already in
 * flight are encoded; the decoder waits.
 *
 * <p>What is left of the media behind the last whole window is a window of its own only when it
 * lasts {@link CaptionSettings#shortestMicros} or longer; else it belongs to the window before it.
 * So a window is captioned once its successor is known to be long enough, or the media to be over.
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
              .of(media, new SamplingPolicy.Fps(settings.framesPerSecond()), FrameView.VIDEO)
              .concatMap(windows::accept, 1)
              .takeUntil(CaptionRun::isLast);
        });
  }

  private static boolean isLast(ClipEvent event) {
    return event instanceof ClipEvent.Refused || event instanceof ClipEvent.Finished;
  }

  /** The open windows and the captions so far; one per subscription, called one event at a time. */
  private final class Windows {
    private final RunProgress progress;
    private final List<VisualTokens> open = new ArrayList<>();

    /** The beginning of the window behind the open one. */
    private final List<VisualTokens> next = new ArrayList<>();

    private final List<TimedText> captions = new ArrayList<>();

    Windows(MediaProbe probe) {
      progress = new RunProgress(probe);
    }

    Flux<ClipEvent> accept(EncodedFrames.Event event) {
      return switch (event) {
        case EncodedFrames.Encoded(var tokens) -> add(tokens);
        case EncodedFrames.Ended(var finished) -> end(finished);
        case EncodedFrames.GivenUp givenUp -> Flux.just(givenUp.asClipEvent());
      };
    }

    private Flux<ClipEvent> add(VisualTokens tokens) {
      if (open.isEmpty() || indexOf(tokens) == indexOf(open.getFirst())) {
        open.add(tokens);
        return Flux.just(progress.encoded(tokens.ptsMicros()));
      }
      if (!next.isEmpty() && indexOf(tokens) != indexOf(next.getFirst())) {
        return shift().concatWith(Flux.defer(() -> add(tokens)));
      }
      next.add(tokens);
      Flux<ClipEvent> encoded = Flux.just(progress.encoded(tokens.ptsMicros()));
      return isWindow(tokens.ptsMicros()) ? encoded.concatWith(Flux.defer(this::shift)) : encoded;
    }

    /** True when the window behind the open one is long enough, lasting until {@code endMicros}. */
    private boolean isWindow(long endMicros) {
      long index = indexOf(next.getFirst());
      return index != indexOf(open.getFirst()) + 1
          || endMicros - index * settings.windowMicros() >= settings.shortestMicros();
    }

    /** Captions the open window; what is known of the one behind it is open now. */
    private Flux<ClipEvent> shift() {
      List<VisualTokens> frames = List.copyOf(open);
      open.clear();
      open.addAll(next);
      next.clear();
      long start = startOf(frames);
      int most = settings.maxVisualTokens() / model.encoder().tokensPerFrame();
      return caption(new PtsRange(start, start + settings.windowMicros()), spread(frames, most));
    }

    private Flux<ClipEvent> end(SampleEvent.Finished finished) {
      Mono<ClipEvent> last = Mono.fromSupplier(() -> finish(finished));
      if (open.isEmpty()) {
        return last.flux();
      }
      long mediaEnd = Math.max(finished.durationMicros(), lastOf(next.isEmpty() ? open : next));
      Flux<ClipEvent> before =
          next.isEmpty() || !isWindow(mediaEnd) ? Flux.empty() : Flux.defer(this::shift);
      return Flux.concat(before, Flux.defer(() -> rest(mediaEnd)), last);
    }

    /** The last window, with the sliver behind it where there is one. */
    private Flux<ClipEvent> rest(long mediaEndMicros) {
      List<VisualTokens> frames = new ArrayList<>(open);
      frames.addAll(next);
      long start = startOf(open);
      long end = next.isEmpty() ? start + settings.windowMicros() : mediaEndMicros;
      end = Math.max(Math.min(end, mediaEndMicros), lastOf(frames));
      return caption(new PtsRange(start, end), spread(frames, settings.framesPerWindow()));
    }

    /** No more frames than may be seen of one window, evenly chosen. */
    private static List<VisualTokens> spread(List<VisualTokens> frames, int most) {
      int all = frames.size();
      return all <= most
          ? frames
          : IntStream.range(0, most)
              .mapToObj(n -> frames.get((int) ((long) n * (all - 1) / Math.max(1, most - 1))))
              .toList();
    }

    private Flux<ClipEvent> caption(PtsRange range, List<VisualTokens> frames) {
      return question
          .about(frames)
          .mapNotNull(
              event ->
                  switch (event) {
                    case AnswerEvent.Begun _, AnswerEvent.Token _ -> null;
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

    private long startOf(List<VisualTokens> frames) {
      return indexOf(frames.getFirst()) * settings.windowMicros();
    }

    private static long lastOf(List<VisualTokens> frames) {
      return frames.getLast().ptsMicros();
    }

    private long indexOf(VisualTokens tokens) {
      return Math.floorDiv(tokens.ptsMicros(), settings.windowMicros());
    }

    private ClipEvent finish(SampleEvent.Finished end) {
      if (captions.isEmpty()) {
        return new ClipEvent.Refused("no_frames", "The video has no frame to look at.");
      }
      return new ClipEvent.Finished(
          new ClipResult(
              ClipResult.Model.of(model), Texts.extent(end), Optional.empty(), captions));
    }
  }
}
