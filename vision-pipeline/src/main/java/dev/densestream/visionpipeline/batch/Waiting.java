package dev.densestream.visionpipeline.batch;

import dev.densestream.visionpipeline.VisualTokens;
import reactor.core.publisher.MonoSink;

/** A frame in the queue, and who wants its tokens. */
record Waiting(ViewedFrame viewed, MonoSink<VisualTokens> sink, long sinceNanos) {
  long bytes() {
    return viewed.frame().rgb().length;
  }
}
