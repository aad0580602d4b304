package dev.densestream.answerservice.chat;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.VisualBudget;
import dev.densestream.answerservice.VisualContext;
import dev.densestream.answerservice.web.ProblemException;
import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.MediaFetcher;
import dev.densestream.ingest.MediaRefusedException;
import dev.densestream.visionpipeline.EncoderOverloadedException;
import dev.densestream.visionpipeline.FrameView;
import dev.densestream.visionpipeline.VisualTokens;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Pictures and videos to frames, frames to visual tokens, those and the turns to an answer. */
final class ChatPipeline {
  private static final String SETTING = "max_visual_tokens";
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final int FRAMES_AT_ONCE = 4;

  /** Of one answer, pictures included. */
  private static final int MOST_FRAMES = 128;

  private final AnswerModel model;
  private final FrameSampler sampler;
  private final MediaFetcher fetcher;
  private final Scheduler drawing;

  /**
   * @param drawing where pictures are decoded
   */
  ChatPipeline(AnswerModel model, FrameSampler sampler, MediaFetcher fetcher, Scheduler drawing) {
    this.model = requireNonNull(model, "model is null");
    this.sampler = requireNonNull(sampler, "sampler is null");
    this.fetcher = requireNonNull(fetcher, "fetcher is null");
    this.drawing = requireNonNull(drawing, "drawing is null");
  }

  /**
   * Errors with {@link MediaRefusedException} when a picture or video is not usable, and with
   * {@link ProblemException} when there are too many of them, or too many of others.
   */
  Flux<AnswerEvent> answer(ChatRequest request) {
    return Flux.defer(
        () -> {
          int wanted = request.sight().framesPerVideo();
          VisualBudget budget = share(request);
          requireFew(request.media(), wanted, budget);
          return Flux.fromIterable(request.media())
              .concatMap(one -> seen(one, wanted, budget), 1)
              .flatMapSequential(this::encoded, FRAMES_AT_ONCE, 1)
              .collectList()
              .flatMapMany(tokens -> answer(tokens, request));
        });
  }

  private void requireFew(List<ChatMedia> media, int wanted, VisualBudget budget) {
    int frames = media.stream().mapToInt(one -> count(one, wanted, budget)).sum();
    if (frames > MOST_FRAMES) {
      throw ProblemException.badRequest(
          "too_many_frames",
          "Pictures and frames of videos are "
              + frames
              + " together, and an answer sees at most "
              + MOST_FRAMES
              + "; send fewer, or a smaller media_io_kwargs.video.num_frames.");
    }
  }

  private int count(ChatMedia media, int wanted, VisualBudget budget) {
    return media instanceof ChatMedia.Picture
        ? 1
        : budget.frames(wanted > 0 ? wanted : model.framesPerWindow());
  }

  private Mono<VisualTokens> encoded(Seen seen) {
    return model
        .encoder()
        .encode(seen.frame(), seen.view())
        .onErrorMap(
            EncoderOverloadedException.class,
            _ -> busy("Too many pictures and frames wait to be looked at; ask again in a moment."));
  }

  /** Tells the asker to come again. */
  static ProblemException busy(String detail) {
    return ProblemException.tooMany("model_busy", detail, RETRY_AFTER);
  }

  private Flux<AnswerEvent> answer(List<VisualTokens> tokens, ChatRequest request) {
    return Flux.using(
        () -> model.engine().context(tokens),
        context ->
            model
                .engine()
                .answer(context, request.turns(), request.generation())
                // What fails before the first token is to be the request's status.
                .filter(event -> !(event instanceof AnswerEvent.Begun)),
        VisualContext::close);
  }

  /** What each picture or video may cost: equal shares. */
  private VisualBudget share(ChatRequest request) {
    int parts = Math.max(1, request.media().size());
    return VisualBudget.of(
        parts == 1 ? SETTING : "Of " + parts + " pictures and videos, " + SETTING + " for each",
        request.sight().mostTokens() / parts,
        model);
  }

  /** A frame, and how the model is to look at it. */
  private record Seen(Frame frame, FrameView view) {}

  private Flux<Seen> seen(ChatMedia media, int wanted, VisualBudget budget) {
    if (media instanceof ChatMedia.Picture(byte[] content)) {
      FrameView view = budget.still();
      return Mono.fromCallable(() -> PictureFrames.decode(content))
          .subscribeOn(drawing)
          .map(frame -> new Seen(frame, view))
          .flux();
    }
    int count = count(media, wanted, budget);
    // One frame by itself is a still image and seen as one.
    FrameView view = count == 1 ? budget.still() : FrameView.VIDEO;
    return frames(media, count).map(frame -> new Seen(frame, view));
  }

  private Flux<Frame> frames(ChatMedia media, int count) {
    return switch (media) {
      case ChatMedia.Picture _ -> throw new IllegalArgumentException("a picture is no video");
      case ChatMedia.Video(byte[] content) -> sampled(new Media.Bytes(content), count);
      case ChatMedia.VideoAt(String url) ->
          Flux.usingWhen(
              fetcher.fetch(url),
              fetched -> sampled(fetched.media(), count),
              fetched -> Mono.fromRunnable(fetched::close));
    };
  }

  private Flux<Frame> sampled(Media media, int count) {
    return sampler
        .sample(media, new SamplingPolicy.Uniform(count))
        .concatMap(ChatPipeline::frame, 1)
        .switchIfEmpty(
            Mono.error(() -> new MediaRefusedException("no_frames", "The video has no frames.")));
  }

  private static Mono<Frame> frame(SampleEvent event) {
    return switch (event) {
      case SampleEvent.Sampled(Frame frame) -> Mono.just(frame);
      case SampleEvent.Finished _ -> Mono.empty();
      case SampleEvent.Refused refused ->
          Mono.error(
              new MediaRefusedException(
                  refused.refusal().code().text(), refused.refusal().detail()));
    };
  }
}
