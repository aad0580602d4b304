package dev.densestream.answerservice.clip;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.MediaProbe;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.MediaRefusedException;
import java.util.function.Function;
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
    return probed(media, probe -> new CaptionRun(sampler, model, settings).events(media, probe));
  }

  /** One answer about the whole media. */
  public Flux<ClipEvent> ask(Media media, String question, AskSettings settings) {
    requireNonNull(question, "question is null");
    return probed(
        media, probe -> new AskRun(sampler, model, question, settings).events(media, probe));
  }

  /** One answer about one picture. */
  public Flux<ClipEvent> ask(Frame picture, String question, GenerationSettings generation) {
    requireNonNull(question, "question is null");
    return new AskRun(sampler, model, question, new AskSettings(1, generation)).events(picture);
  }

  private Flux<ClipEvent> probed(Media media, Function<MediaProbe, Flux<ClipEvent>> run) {
    return sampler
        .probe(media)
        .flatMapMany(run)
        .onErrorResume(
            MediaRefusedException.class,
            refused ->
                Flux.just(
                    new ClipEvent.Refused(
                        refused.code(), requireNonNull(refused.getMessage(), "no message"))));
  }
}
