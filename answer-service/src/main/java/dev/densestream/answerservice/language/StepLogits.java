package dev.densestream.answerservice.language;

import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorProgram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model said behind each stretch of a step. Whoever asked for the step closes it; until then
 * logits that lie in a GPU's memory stay there, unless somebody wants more than the likeliest.
 */
public final class StepLogits implements AutoCloseable {
  private final List<NextToken> next;
  private final @Nullable Tensor onDevice;

  private StepLogits(List<NextToken> next, @Nullable Tensor onDevice) {
    this.next = next;
    this.onDevice = onDevice;
  }

  static StepLogits here(float[][] rows) {
    return new StepLogits(Arrays.stream(rows).map(NextToken::of).toList(), null);
  }

  /**
   * Of logits in a GPU's memory, which it takes over.
   *
   * @param logits [B, V] float32
   * @param order where the sequence of each row comes in the list
   */
  static StepLogits onDevice(TensorProgram program, Tensor logits, int[] order) {
    try (Tensor largest = program.call("likeliest", logits)) {
      long[] ids = largest.toLongs();
      NextToken[] next = new NextToken[order.length];
      for (int row = 0; row < order.length; row++) {
        next[order[row]] = new DeviceRow(program, logits, row, Math.toIntExact(ids[row]));
      }
      return new StepLogits(List.of(next), logits);
    } catch (RuntimeException e) {
      logits.close();
      throw e;
    }
  }

  private record DeviceRow(TensorProgram program, Tensor all, int row, int likeliest)
      implements NextToken {
    @Override
    public float[] logits() {
      try (Tensor one = program.call("row", all, row)) {
        return one.toFloats();
      }
    }
  }

  /** In the order of the stretches. */
  public List<NextToken> next() {
    return next;
  }

  /** All logits, V floats for each stretch; closes this. */
  public float[][] take() {
    try (this) {
      List<float[]> rows = new ArrayList<>();
      next.forEach(token -> rows.add(token.logits()));
      return rows.toArray(float[][]::new);
    }
  }

  @Override
  public void close() {
    if (onDevice != null) {
      onDevice.close();
    }
  }
}
