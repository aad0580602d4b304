package dev.densestream.visionpipeline.batch;

import dev.densestream.framesampler.Frame;
import dev.densestream.visionpipeline.CallClock;
import dev.densestream.visionpipeline.EncoderOverloadedException;
import dev.densestream.visionpipeline.FrameView;
import dev.densestream.visionpipeline.VisionEncoder;
import dev.densestream.visionpipeline.VisualTokens;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Joins single frames to batches and owns the thread that encodes them. */
public final class MicroBatchEncoder implements VisionEncoder {
  private static final Logger log = LoggerFactory.getLogger(MicroBatchEncoder.class);

  private final BatchEncoder encoder;
  private final BatchLimits limits;
  private final FrameQueue queue;
  private final EncodeMetrics metrics;
  private final CallClock clock = new CallClock();
  private final Thread thread;

  private MicroBatchEncoder(BatchEncoder encoder, BatchLimits limits, MeterRegistry registry) {
    this.encoder = encoder;
    this.limits = limits;
    this.queue = new FrameQueue(limits);
    this.metrics = new EncodeMetrics(registry, queue);
    this.thread = Thread.ofPlatform().name("vit-encode").daemon().unstarted(this::run);
  }

  /** Takes the encoder over and starts the thread. */
  public static MicroBatchEncoder start(
      BatchEncoder encoder, BatchLimits limits, MeterRegistry registry) {
    MicroBatchEncoder started = new MicroBatchEncoder(encoder, limits, registry);
    started.thread.start();
    return started;
  }

  @Override
  public Mono<VisualTokens> encode(Frame frame, FrameView view) {
    return Mono.create(sink -> enqueue(new ViewedFrame(frame, view), sink));
  }

  private void enqueue(ViewedFrame frame, MonoSink<VisualTokens> sink) {
    Waiting waiting = new Waiting(frame, sink, System.nanoTime());
    switch (queue.offer(waiting)) {
      case ACCEPTED ->
          sink.onCancel(
              () -> {
                if (queue.remove(waiting)) {
                  metrics.cancelled();
                }
              });
      case FULL -> {
        metrics.rejected();
        sink.error(new EncoderOverloadedException(limits.queueBytes()));
      }
      case CLOSED -> {
        metrics.rejected();
        sink.error(closedError());
      }
    }
  }

  private static IllegalStateException closedError() {
    return new IllegalStateException("vision encoder is closed");
  }

  private void run() {
    try (encoder) {
      encodeUntilClosed();
    }
  }

  /**
   * An error of the machine ends the thread, as it ends the language engine's. The clock then runs
   * on, and what waits or comes is left waiting: nobody is to believe that it was looked at.
   */
  private void encodeUntilClosed() {
    try {
      encoder.begin();
      List<Waiting> batch = queue.takeBatch();
      while (!batch.isEmpty()) {
        encode(batch);
        batch = queue.takeBatch();
      }
    } catch (InterruptedException | RuntimeException | Error e) {
      clock.begin(); // and never ends
      log.error("vit-encode has ended; this process needs to be started again", e);
    }
  }

  /**
   * The boundary where anything a batch throws becomes a failure of its frames, and only theirs.
   */
  private void encode(List<Waiting> batch) {
    metrics.starting(batch);
    long begin = System.nanoTime();
    List<VisualTokens> tokens;
    clock.begin();
    try {
      tokens = encoder.encode(batch.stream().map(Waiting::viewed).toList());
    } catch (RuntimeException | OutOfMemoryError e) {
      log.error("encoding {} frames failed", batch.size(), e);
      fail(batch, e);
      return;
    } catch (Error e) {
      fail(batch, e);
      throw e;
    } finally {
      clock.end();
    }
    metrics.encoded(batch.size(), begin);
    emit(batch, tokens);
  }

  private void emit(List<Waiting> batch, List<VisualTokens> tokens) {
    for (int i = 0; i < batch.size(); i++) {
      try {
        batch.get(i).sink().success(tokens.get(i));
      } catch (RuntimeException e) {
        log.error("tokens of a frame were not taken", e); // its taker's fault, and nobody else's
      } catch (Error e) {
        batch.subList(i + 1, batch.size()).forEach(frame -> fail(frame, e));
        throw e;
      }
    }
  }

  private void fail(List<Waiting> frames, Throwable cause) {
    metrics.failed(frames.size());
    frames.forEach(frame -> fail(frame, cause));
  }

  private static void fail(Waiting frame, Throwable cause) {
    try {
      frame.sink().error(cause);
    } catch (RuntimeException e) {
      log.error("the failure of a frame was not taken", e);
    }
  }

  @Override
  public int tokensPerFrame() {
    return encoder.tokensPerFrame();
  }

  @Override
  public int leastStillTokens() {
    return encoder.leastStillTokens();
  }

  @Override
  public int channels() {
    return encoder.channels();
  }

  @Override
  public Duration computing() {
    return clock.elapsed();
  }

  /** Fails what waits, lets the batch in hand finish, and returns when the model is released. */
  @Override
  public void close() {
    fail(queue.close(), closedError());
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the thread ends by itself
    }
  }
}
