package dev.densestream.framesampler.pool;

import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.framesampler.MediaProbe;
import dev.densestream.framesampler.MediaRefusal;
import dev.densestream.framesampler.SampleEvent;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.framesampler.pool.Exchange.Heard;
import dev.densestream.framesampler.protocol.Reply;
import dev.densestream.framesampler.protocol.Task;
import dev.densestream.framesampler.protocol.Task.Source;
import dev.densestream.framesampler.protocol.Task.Verb;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.MediaRefusedException;
import dev.densestream.ingest.PtsRange;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Files;
import java.util.function.BiConsumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;

/**
 * The frame sampler over a pool of decoder processes.
 *
 * <p>Cutting has processes of its own, started when needed: a recording that is captured at media
 * speed holds its process for as long as it lasts, and must not keep others from decoding. So have
 * clips, whose processes are held while the language model works, where the settings give them any.
 */
public final class DecoderPool implements FrameSampler {
  private static final int MOST_CUT_AT_ONCE = 32;
  private final DecoderSettings settings;
  private final DecoderMetrics metrics;
  private final SlotQueue slots;
  private final SlotQueue clips;
  private final SlotQueue cutters;

  private DecoderPool(DecoderSettings settings, ChildCommand command, MeterRegistry registry) {
    this.settings = settings;
    this.metrics = new DecoderMetrics(registry);
    this.slots = new SlotQueue("sample", settings.children(), settings, command, metrics);
    this.clips =
        settings.clips() == 0
            ? slots
            : new SlotQueue("clip", settings.clips(), settings, command, metrics);
    this.cutters = new SlotQueue("cut", MOST_CUT_AT_ONCE, settings, command, metrics);
  }

  public static FrameSampler open(DecoderSettings settings, MeterRegistry registry) {
    return open(settings, new JvmCommand(settings), registry);
  }

  static FrameSampler open(DecoderSettings settings, ChildCommand command, MeterRegistry registry) {
    DecoderPool pool = new DecoderPool(settings, command, registry);
    pool.slots.start();
    return pool;
  }

  @Override
  public Flux<SampleEvent> sample(Media media, SamplingPolicy policy) {
    return converse(slots, media, new Verb.Sample(policy), DecoderPool::sampled);
  }

  @Override
  public Flux<SampleEvent> sampleClip(Media media, SamplingPolicy policy) {
    return converse(clips, media, new Verb.Sample(policy), DecoderPool::sampled);
  }

  @Override
  public Mono<MediaProbe> probe(Media media) {
    return converse(slots, media, new Verb.Probe(), DecoderPool::probed).next();
  }

  @Override
  public Flux<Piece> cut(Media media, long targetMicros) {
    if (targetMicros < 1) {
      throw new IllegalArgumentException("targetMicros must be >= 1: was " + targetMicros);
    }
    return converse(cutters, media, new Verb.Cut(targetMicros), DecoderPool::cut);
  }

  @Override
  public void close() {
    slots.close();
    clips.close();
    cutters.close();
  }

  /** Waits for a slot, then asks its process for one reply per demanded event. */
  private <T> Flux<T> converse(
      SlotQueue queue, Media media, Verb verb, BiConsumer<Heard, SynchronousSink<T>> translate) {
    return Flux.defer(
        () -> {
          Turn turn = new Turn();
          return queue
              .slot(turn)
              .flatMapMany(slot -> replies(slot, turn, media, verb, translate))
              .doFinally(_ -> queue.end(turn));
        });
  }

  private <T> Flux<T> replies(
      ChildSlot slot,
      Turn turn,
      Media media,
      Verb verb,
      BiConsumer<Heard, SynchronousSink<T>> translate) {
    return Flux.<T, Exchange>generate(
            () -> {
              Exchange exchange = new Exchange(slot.child(), task(media, verb), media);
              turn.exchange = exchange;
              return exchange;
            },
            (exchange, sink) -> {
              Heard heard = refusedAtOnce(media, exchange);
              if (heard instanceof Heard.Refused(MediaRefusal refusal, FrameCounts _)) {
                if (slots.closed()) {
                  sink.error(SlotQueue.closedError());
                  return exchange;
                }
                metrics.refused(refusal);
              }
              translate.accept(heard, sink);
              return exchange;
            })
        .subscribeOn(slot.scheduler());
  }

  private Heard refusedAtOnce(Media media, Exchange exchange) {
    if (media.sizeBytes() > settings.limits().bytes()) {
      return refusal(
          MediaRefusal.Code.TOO_MANY_BYTES,
          "The file has %d bytes; at most %d are accepted."
              .formatted(media.sizeBytes(), settings.limits().bytes()));
    }
    if (media instanceof Media.File file && !Files.isRegularFile(file.path())) {
      return refusal(
          MediaRefusal.Code.NOT_A_VIDEO,
          "%s is not a file that can be read.".formatted(file.path().getFileName()));
    }
    return exchange.next();
  }

  private static Heard refusal(MediaRefusal.Code code, String detail) {
    return new Heard.Refused(MediaRefusal.of(code, detail), FrameCounts.NONE);
  }

  private Task task(Media media, Verb verb) {
    Source source =
        switch (media) {
          case Media.Bytes bytes -> new Source.Payload(bytes.sizeBytes());
          case Media.File file -> new Source.File(file.path().toAbsolutePath().toString());
        };
    return new Task(verb, settings.limits(), settings.threads(), source);
  }

  private static void sampled(Heard heard, SynchronousSink<SampleEvent> sink) {
    switch (heard) {
      case Heard.Said(Reply.Picture picture, byte[] rgb) ->
          sink.next(
              new SampleEvent.Sampled(
                  new Frame(picture.ptsMicros(), picture.width(), picture.height(), rgb)));
      case Heard.Said(Reply.Finished(FrameCounts counts, long duration, boolean damaged), _) -> {
        sink.next(new SampleEvent.Finished(counts, duration, damaged));
        sink.complete();
      }
      case Heard.Refused(MediaRefusal refusal, FrameCounts counts) -> {
        sink.next(new SampleEvent.Refused(refusal, counts));
        sink.complete();
      }
      case Heard.Said said -> sink.error(unexpected(said));
    }
  }

  private static void probed(Heard heard, SynchronousSink<MediaProbe> sink) {
    switch (heard) {
      case Heard.Said(Reply.Probed(MediaProbe probe), _) -> {
        sink.next(probe);
        sink.complete();
      }
      case Heard.Refused(MediaRefusal refusal, _) -> sink.error(exception(refusal));
      case Heard.Said said -> sink.error(unexpected(said));
    }
  }

  private static void cut(Heard heard, SynchronousSink<Piece> sink) {
    switch (heard) {
      case Heard.Said(Reply.Piece piece, byte[] bytes) ->
          sink.next(
              new Piece(
                  new PtsRange(piece.startMicros(), piece.endMicros()),
                  piece.contentType(),
                  new Media.Bytes(bytes),
                  piece.keyframeAligned()));
      case Heard.Said(Reply.Finished _, _) -> sink.complete();
      case Heard.Refused(MediaRefusal refusal, _) -> sink.error(exception(refusal));
      case Heard.Said said -> sink.error(unexpected(said));
    }
  }

  private static MediaRefusedException exception(MediaRefusal refusal) {
    return new MediaRefusedException(refusal.code().text(), refusal.detail());
  }

  private static IllegalStateException unexpected(Heard.Said said) {
    return new IllegalStateException("not a reply to this task: " + said.reply());
  }
}
