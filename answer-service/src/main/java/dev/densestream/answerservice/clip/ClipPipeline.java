package dev.densestream.answerservice.clip;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.AnswerModel;
import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.MediaRefusedException;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;

/**
 * Works on one recorded media at a time: sample, encode, answer. Cold and without state of its own;
 * sampler and model belong to the caller.
 */
public final class ClipPipeline {
  private final FrameSampler sampler;
  private final AnswerModel model;

  public ClipPipeline(FrameSampler sampler, AnswerModel model) {
    this.sampler = requireNonNull(sampler, "sampler is null");
    this.model = requireNonNull(model, "model is null");
  }

  /** A caption per window of media time; a window without frames has none. */
  public Flux<ClipEvent> caption(Media media, CaptionSettings settings) {
    return events(
        () -> {
          CaptionRun run = new CaptionRun(sampler, model, settings.within(model));
          return sampler.probe(media).flatMapMany(probe -> run.events(media, probe));
        });
  }

  /** One answer about the whole media. */
  public Flux<ClipEvent> ask(Media media, String question, AskSettings settings) {
    requireNonNull(question, "question is null");
    return events(
        () -> {
          AskRun run = new AskRun(sampler, model, question, settings);
          return sampler.probe(media).flatMapMany(probe -> run.events(media, probe));
        });
  }

  /** One answer about one picture. */
  public Flux<ClipEvent> ask(Frame picture, String question, AskSettings settings) {
    requireNonNull(question, "question is null");
    return events(
        () -> new AskRun(sampler, model, question, settings.ofOneFrame()).events(picture));
  }

  private static Flux<ClipEvent> events(Supplier<Flux<ClipEvent>> run) {
    return Flux.defer(run)
        .onErrorResume(
            MediaRefusedException.class,
            refused ->
                Flux.just(
                    new ClipEvent.Refused(
                        refused.code(), requireNonNull(refused.getMessage(), "no message"))));
  }
}
