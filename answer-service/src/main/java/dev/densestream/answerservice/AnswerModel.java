package dev.densestream.answerservice;

import static java.util.Objects.requireNonNull;

import dev.densestream.visionpipeline.VisionEncoder;

/**
 * A loaded model directory.
 *
 * @param name shown to people and carried in answers
 * @param notice what people must be told about it, such as {@code untrained demo model}; empty for
 *     none
 * @param framesPerWindow how many frames the model is meant to see at once
 */
public record AnswerModel(
    String name, String notice, VisionEncoder encoder, AnswerEngine engine, int framesPerWindow)
    implements AutoCloseable {
  public AnswerModel {
    requireNonNull(name, "name is null");
    requireNonNull(notice, "notice is null");
    requireNonNull(encoder, "encoder is null");
    requireNonNull(engine, "engine is null");
  }

  @Override
  public void close() {
    engine.close();
    encoder.close();
  }
}
