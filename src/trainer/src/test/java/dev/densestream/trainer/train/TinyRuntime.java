package dev.densestream.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.tokenizer.Tokenizer;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.TensorRuntime;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What a {@link TinyModel} runs on, with its tokenizer; closing it tells whether all was closed.
 */
public record TinyRuntime(TensorRuntime runtime, Tokenizer tokenizer) implements AutoCloseable {
  /**
   * One thread on the processor.
   *
   * @param folder for the tokenizer's files
   */
  public static TinyRuntime open(Path folder) throws IOException {
    return new TinyRuntime(
        TensorRuntime.open(new RuntimeSettings(1, "cpu")), TinyModel.tokenizer(folder));
  }

  @Override
  public void close() {
    tokenizer.close();
    assertThat(runtime.liveHandles()).isZero();
    runtime.close();
  }
}
