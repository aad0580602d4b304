package dev.densestream.visionpipeline.batch;

import dev.densestream.visionpipeline.VisualTokens;
import java.util.List;

/** Encodes several frames in one call, always on the same thread. */
public interface BatchEncoder extends AutoCloseable {
  /** Called on the encoding thread, before the first batch. */
  default void begin() {}

  /** One result for each frame, in the frames' order. */
  List<VisualTokens> encode(List<ViewedFrame> frames);

  int tokensPerFrame();

  int leastStillTokens();

  int channels();

  /** Called on the encoding thread, after the last batch. */
  @Override
  void close();
}
