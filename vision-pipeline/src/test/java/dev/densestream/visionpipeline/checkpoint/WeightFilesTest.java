package dev.densestream.visionpipeline.checkpoint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a projector in a file of its own counts. */
class WeightFilesTest {
  private static final String PROJECTOR = "model.mm_projector.0.bias";

  @TempDir Path folder;

  private void torch(String file, String key, float value) throws IOException {
    PickleText pickle = new PickleText().raw("}(");
    pickle.text(key).tensor("FloatStorage", "0", 1, 0, new long[] {1}, new long[] {1});
    byte[] bytes = TorchZip.of(pickle.raw("u.")).floats("0", value).bytes();
    Files.write(folder.resolve(file), bytes);
  }

  private float value(String key) {
    return requireNonNull(WeightFiles.open(folder).get(key)).floats(key)[0];
  }

  @Test
  void takesTheFirstStagesProjector_besideALanguageModelWithoutOne() throws IOException {
    torch("pytorch_model.bin", "model.norm.weight", 1);
    torch("mm_projector.bin", PROJECTOR, 2);

    assertThat(value(PROJECTOR)).isEqualTo(2);
    assertThat(value("model.norm.weight")).isEqualTo(1);
  }

  /** Published directories carry both: the one that was trained with the rest counts. */
  @Test
  void leavesTheFirstStagesProjector_whereTheModelHasItsOwn() throws IOException {
    torch("pytorch_model.bin", PROJECTOR, 1);
    torch("mm_projector.bin", PROJECTOR, 2);

    assertThat(value(PROJECTOR)).isEqualTo(1);
  }
}
