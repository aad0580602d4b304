package dev.densestream.visionpipeline;

import dev.densestream.framesampler.Frame;
import reactor.core.publisher.Mono;

/**
 * Frames to visual tokens. Frames of several callers that wait at the same time share one encoder
 * call (a micro-batch), bounded in size and in waiting time.
 */
public interface VisionEncoder extends AutoCloseable {
  /**
   * Encodes one frame. Cold. Callers that need a stream's order subscribe in that order and use
   * {@code concatMap} or {@code flatMapSequential} with a stated concurrency; batches are formed in
   * order of subscription.
   */
  Mono<VisualTokens> encode(Frame frame);

  /** Visual tokens per frame, N. */
  int tokensPerFrame();

  /** Channels per token, C: the language model's width. */
  int channels();

  @Override
  void close();
}
