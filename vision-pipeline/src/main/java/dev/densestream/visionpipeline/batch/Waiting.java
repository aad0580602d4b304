package dev.densestream.visionpipeline.batch;

import dev.densestream.framesampler.Frame;
import dev.densestream.visionpipeline.VisualTokens;
import reactor.core.publisher.MonoSink;

/** A frame in the queue, and who wants its tokens. */
record Waiting(Frame frame, MonoSink<VisualTokens> sink, long sinceNanos) {
  long bytes() {
    return frame.rgb().length;
  }
}
