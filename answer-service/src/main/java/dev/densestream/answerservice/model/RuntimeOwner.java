package dev.densestream.answerservice.model;

import dev.densestream.framesampler.Frame;
import dev.densestream.visionpipeline.FrameView;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.VisionEncoder;
import dev.densestream.visionpipeline.VisualTokens;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** The encoder that is closed last, and with it the runtime both halves of a model use. */
record RuntimeOwner(VisionEncoder encoder, TensorRuntime runtime) implements VisionEncoder {
  @Override
  public Mono<VisualTokens> encode(Frame frame, FrameView view) {
    return encoder.encode(frame, view);
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
    return encoder.computing();
  }

  @Override
  public void close() {
    encoder.close();
    runtime.close();
  }
}
