package dev.densestream.framesampler.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.framesampler.FrameParity;
import dev.densestream.framesampler.ParityResult;
import dev.densestream.framesampler.SamplingPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
class FrameGateTest {
  @TempDir Path folder;

  @Test
  void picksTheOriginalsIndices_inEveryFixtureRow() throws IOException {
    Path fixture = Path.of(System.getProperty("densestream.fixtures"), "golden", "frames");
    List<ParityResult> results = FrameParity.run(fixture);
    assertThat(results).hasSize(190).allMatch(ParityResult::passed);
  }

  @Test
  void parityFails_onOtherIndices() throws IOException {
    Files.writeString(folder.resolve("case.json"), "{\"rows\":[[2, 1, [0]], [8, 3, [1, 3, 7]]]}");
    assertThat(FrameParity.run(folder)).map(ParityResult::passed).containsExactly(true, false);
  }

  @Test
  void emitsRepeatedIndices_asOftenAsTheyOccur() {
    FrameGate gate = FrameGate.of(SamplingPolicy.parse("uniform:4"), 4);
    assertThat(takes(gate, 0, 40, 80, 120)).containsExactly(1, 1, 2, 0);
  }

  @Test
  void takesFirstFrameAtOrAfterEachTick() {
    FrameGate gate = FrameGate.of(SamplingPolicy.parse("fps:2"), 0);
    assertThat(takes(gate, 0, 499_999, 500_000, 510_000, 1_700_000, 1_999_000, 2_000_000))
        .containsExactly(1, 0, 1, 0, 1, 0, 1);
  }

  @Test
  void takesFramesThatSitOnTicks_thatAreNoWholeMicroseconds() {
    FrameGate gate = FrameGate.of(SamplingPolicy.parse("fps:3"), 0);
    assertThat(takes(gate, 0, 333_333, 666_667, 1_000_000, 1_333_333)).containsOnly(1);
  }

  @Test
  void takesChanges_andOnePerHeartbeat() {
    FrameGate gate = FrameGate.of(SamplingPolicy.parse("scene:0.1/1s"), 0);
    assertThat(gate.takes(0, 0, () -> grid(100))).isEqualTo(1);
    assertThat(gate.takes(1, 100_000, () -> grid(125))).isZero(); // 0.098
    assertThat(gate.takes(2, 200_000, () -> grid(126))).isEqualTo(1); // 0.102
    assertThat(gate.takes(3, 1_199_999, () -> grid(126))).isZero();
    assertThat(gate.takes(4, 1_200_000, () -> grid(126))).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "uniform:8",
        "fps:1",
        "fps:0.5",
        "keyframes",
        "scene:0.05/10s",
        "scene:0.2/1500ms"
      })
  void readsItsOwnText(String text) {
    assertThat(SamplingPolicy.parse(text).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "fps",
        "fps:",
        "fps:0",
        "fps:-1",
        "fps:1e3",
        "fps:NaN",
        "uniform:0",
        "uniform:x",
        "scene:1.5/1s",
        "scene:0.1",
        "scene:0.1/0s",
        "every",
        "scene:0.1/99999999999999m"
      })
  void refusesOtherText_withASentence(String text) {
    assertThatThrownBy(() -> SamplingPolicy.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("\"" + text + "\" is not a sampling policy: use uniform:8");
  }

  private static List<Integer> takes(FrameGate gate, long... ptsMicros) {
    List<Integer> taken = new ArrayList<>();
    for (long pts : ptsMicros) {
      taken.add(
          gate.takes(
              taken.size(),
              pts,
              () -> {
                throw new AssertionError("looked at the picture");
              }));
    }
    return taken;
  }

  private static LumaGrid grid(int luma) {
    byte[] values = new byte[LumaGrid.WIDTH * LumaGrid.HEIGHT];
    Arrays.fill(values, (byte) luma);
    return new LumaGrid(values);
  }
}
