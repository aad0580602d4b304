package dev.densestream.visionpipeline;

import dev.densestream.framesampler.Frame;
import java.time.Duration;
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
  Mono<VisualTokens> encode(Frame frame, FrameView view);

  /** As one of a video's frames. */
  default Mono<VisualTokens> encode(Frame frame) {
    return encode(frame, FrameView.VIDEO);
  }

  /** Visual tokens per video frame, N. */
  int tokensPerFrame();

  /** Visual tokens of a still image seen in the least detail the model allows. */
  int leastStillTokens();

  /** Channels per token, C: the language model's width. */
  int channels();

  /** How long the batch being encoded has taken; zero where there is none. */
  Duration computing();

  @Override
  void close();
}
