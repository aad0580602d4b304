package dev.densestream.visionpipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.visionpipeline.connector.ConnectorKind;
import dev.densestream.visionpipeline.encoder.StateSelection;
import dev.densestream.visionpipeline.encoder.TowerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NativeHandles.class)
class EncoderBenchTest {
  @Test
  void countsTheOperationsOfClipLarge() {
    // 23 blocks of 577 tokens: 2 * 577 * (12 * 1024^2 + 2 * 577 * 1024) each, and the patches.
    assertThat(TowerConfig.CLIP_L_336.flops(23))
        .isCloseTo(366.03e9, Percentage.withPercentage(0.1));
  }

  /** The manual's table, row by row, from the numbers that the command prints. */
  @Test
  void saysWhatRunningSumsSave_asTheManualDoes() throws IOException {
    assertThat(Files.readString(Path.of("../src/docs/vision.md")))
        .contains(row("CLIP ViT-L/14-336 (577 tokens, width 1024)", TowerConfig.CLIP_L_336))
        .contains(
            row("SigLIP so400m/14-384 (729 tokens, width 1152)", TowerConfig.SIGLIP_SO400M_384));
  }

  private static String row(String name, TowerConfig tower) {
    StateSelection states = ConnectorKind.DCI.states(tower.family(), tower.layers() - 1);
    TowerMemory memory = TowerMemory.of(tower, states, Precision.FP32);
    double mebibyte = 1 << 20;
    return String.format(
        Locale.ROOT,
        "| %s | %d states, %.1f MiB | 3, %.1f MiB | %.1f MiB | %d of %d blocks, %.1f MiB |",
        name,
        tower.layers() + 1,
        memory.allStates() / mebibyte,
        memory.keptStates() / mebibyte,
        (memory.allStates() - memory.keptStates()) / mebibyte,
        tower.layers() - states.last(),
        tower.layers(),
        memory.weightsNotLoaded() / mebibyte);
  }

  @Test
  void countsTheBaseByItself_whereItIsNotTheLastState() {
    TowerConfig tower = TowerConfig.CLIP_L_336;
    long state = 577L * 1024 * 4;
    assertThat(memory(tower, ConnectorKind.DCI, 23).keptStates()).isEqualTo(3 * state);
    assertThat(memory(tower, ConnectorKind.DCI, 12).keptStates()).isEqualTo(4 * state);
    assertThat(memory(tower, ConnectorKind.NONE, 23).keptStates()).isEqualTo(state);
    assertThat(memory(tower, ConnectorKind.NONE, 24).weightsNotLoaded()).isZero();
  }

  private static TowerMemory memory(TowerConfig tower, ConnectorKind kind, int base) {
    return TowerMemory.of(tower, kind.states(tower.family(), base), Precision.FP32);
  }

  @Test
  void refusesAnUnknownShape(TensorRuntime runtime) {
    EncoderBench.Plan plan = new EncoderBench.Plan("vit-g", Precision.FP32, 1, 0, 1);
    assertThatThrownBy(() -> EncoderBench.run(runtime, plan)).hasMessageContaining("clip-l-336");
  }
}
