package dev.densestream.answerservice.command;

import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.clip.ClipPipeline;
import dev.densestream.answerservice.tokenizer.TokenizerException;
import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.FrameSampler;
import dev.densestream.visionpipeline.CheckpointException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.util.Optional;

/** Decoder and model for one clip: opened for a command, closed at its end. */
record ClipWorkbench(FrameSampler sampler, AnswerModel model) implements AutoCloseable {
  /**
   * The decoder process starts while the model loads. What must be told about the model is told on
   * standard error.
   */
  static ClipWorkbench open(ModelOptions options, PrintWriter err) {
    MeterRegistry meters = new SimpleMeterRegistry();
    FrameSampler sampler = FrameSampler.open(DecoderSettings.defaults().withChildren(1), meters);
    try {
      AnswerModel model = load(options, meters);
      if (!model.notice().isEmpty()) {
        err.println("note: " + model.notice());
        err.flush();
      }
      return new ClipWorkbench(sampler, model);
    } catch (RuntimeException failure) {
      sampler.close();
      throw failure;
    }
  }

  private static AnswerModel load(ModelOptions options, MeterRegistry meters) {
    try {
      return options
          .model()
          .map(folder -> AnswerModel.load(folder, options.settings(), meters))
          .orElseGet(() -> AnswerModel.demo(options.settings(), meters));
    } catch (CheckpointException | TokenizerException refused) {
      throw new CommandFailedException("model_not_usable", said(refused), refused);
    }
  }

  private static String said(RuntimeException refused) {
    return Optional.ofNullable(refused.getMessage()).orElse("The model cannot be loaded.");
  }

  ClipPipeline pipeline() {
    return new ClipPipeline(sampler, model);
  }

  @Override
  public void close() {
    model.close();
    sampler.close();
  }
}
