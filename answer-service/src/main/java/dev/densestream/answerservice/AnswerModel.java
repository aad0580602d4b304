package dev.densestream.answerservice;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.model.DemoModel;
import dev.densestream.answerservice.model.ModelLoad;
import dev.densestream.visionpipeline.VisionEncoder;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A loaded model directory.
 *
 * @param name shown to people and carried in answers
 * @param notice what people must be told about it, such as {@code demo model}; empty for none
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

  /**
   * Loads a model directory in the original format: {@code config.json}, weights, tokenizer files,
   * and the vision tower inside, beside or above it.
   *
   * @throws dev.densestream.visionpipeline.CheckpointException naming file and key, when something
   *     in it is missing or cannot be served
   * @throws dev.densestream.answerservice.tokenizer.TokenizerException naming the tokenizer file
   * @throws dev.densestream.visionpipeline.DeviceMissingException if the device is not there, or
   *     does not compute in the precision asked for
   * @throws IllegalArgumentException if the conversation template asked for is not known
   */
  public static AnswerModel load(Path directory, ModelSettings settings, MeterRegistry meters) {
    return ModelLoad.load(directory, settings, meters);
  }

  /** The small model that comes with the application: it knows a synthetic world, nothing else. */
  public static AnswerModel demo(ModelSettings settings, MeterRegistry meters) {
    return DemoModel.unpackedWhile(directory -> load(directory, settings, meters));
  }

  /** How long the longest of both halves' calls under way has taken; zero where there is none. */
  public Duration computing() {
    Duration seeing = encoder.computing();
    Duration answering = engine.computing();
    return seeing.compareTo(answering) > 0 ? seeing : answering;
  }

  @Override
  public void close() {
    engine.close();
    encoder.close();
  }
}
