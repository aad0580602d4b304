package dev.densestream.answerservice.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.visionpipeline.ElementType;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorList;
import dev.densestream.visionpipeline.TensorProgram;
import dev.densestream.visionpipeline.TensorRuntime;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * On a processor a weight may lie in a mapped file, which is let go of with the tensor: what a
 * GPU's program makes of weights must not lie there too.
 */
class GpuWeightsTest {
  private final TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(1, "cpu"));
  private final TensorProgram program =
      runtime.compile(
          LanguageModel.class, "LanguageModel.torch", Kernels.of(EightBitKernel.GPU, false).text());
  private final ByteBuffer file = ByteBuffer.allocateDirect(16).order(ByteOrder.LITTLE_ENDIAN);

  @AfterEach
  void close() {
    program.close();
    runtime.close();
  }

  /** Over the bytes themselves. */
  private Tensor weight(long... shape) {
    file.asFloatBuffer().put(new float[] {1, 2, 3, 4});
    return runtime.weight(
        List.of(file.duplicate().order(file.order())), ElementType.FP32, Precision.FP32, shape);
  }

  private void overwrite() {
    file.asFloatBuffer().put(new float[] {9, 9, 9, 9});
  }

  @Test
  void laysMatricesElsewhere() {
    try (TensorList one = runtime.list(List.of(weight(2, 2)));
        Tensor laid = program.call("laid", one)) {
      overwrite();

      assertThat(laid.toFloats()).containsExactly(1, 3, 2, 4);
    }
  }

  @Test
  void putsNormsElsewhere() {
    try (Tensor stored = weight(4);
        Tensor norm = program.call("norm_weight", stored)) {
      overwrite();

      assertThat(norm.toFloats()).containsExactly(1, 2, 3, 4);
    }
  }

  @Test
  void seesTheFile_theControl() {
    try (Tensor stored = weight(4)) {
      overwrite();

      assertThat(stored.toFloats()).containsExactly(9, 9, 9, 9);
    }
  }
}
