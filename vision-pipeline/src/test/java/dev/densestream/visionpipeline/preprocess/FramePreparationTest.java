package dev.densestream.visionpipeline.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.framesampler.Frame;
import dev.densestream.visionpipeline.StillImage;
import dev.densestream.visionpipeline.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against Pillow's and transformers' own output; see the fixtures' README. */
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
class FramePreparationTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("densestream.fixtures")).resolve("golden");
  private static final TensorFile REFERENCE =
      TensorFile.open(GOLDEN.resolve("preprocess/reference.safetensors"));

  @ParameterizedTest
  @ValueSource(strings = {"large", "small", "square", "tall", "wide", "gray", "rgba", "palette"})
  void matchesTheOriginalsPixelValues(String image) throws IOException {
    check("clip.pad." + image, FramePreparation.clip(56, true), image);
    check("clip.square." + image, FramePreparation.clip(56, false), image);
    check("siglip.pad." + image, FramePreparation.siglip(70, true), image);
    check("siglip.square." + image, FramePreparation.siglip(70, false), image);
  }

  private static void check(String key, FramePreparation preparation, String image)
      throws IOException {
    float[] pixels = new float[preparation.pixelValues()];
    preparation.prepare(frame(image), pixels, 0);
    float[] expected = REFERENCE.floats(key);
    assertThat(pixels).hasSameSizeAs(expected);
    for (int i = 0; i < pixels.length; i++) {
      assertThat(Math.abs(pixels[i] - expected[i])).as(key + " at " + i).isLessThan(1e-5f);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"wide", "large"})
  void matchesPillowByteForByte(String image) throws IOException {
    assertThat(FramePreparation.clip(336, true).resized(frame(image)))
        .isEqualTo(REFERENCE.bytes("bytes.clip336." + image));
    assertThat(FramePreparation.siglip(384, true).resized(frame(image)))
        .isEqualTo(REFERENCE.bytes("bytes.siglip384." + image));
  }

  @Test
  void differsFromAnotherImage_theControl() throws IOException {
    assertThat(FramePreparation.clip(336, true).resized(frame("large")))
        .isNotEqualTo(REFERENCE.bytes("bytes.clip336.wide"));
  }

  @Test
  void keepsNothingOfTheFrameBefore() throws IOException {
    FramePreparation preparation = FramePreparation.clip(56, true);
    byte[] fresh = FramePreparation.clip(56, true).resized(frame("tall"));
    assertThat(preparation.resized(frame("large"))).isNotEqualTo(fresh);
    assertThat(preparation.resized(frame("tall"))).isEqualTo(fresh);
  }

  private static Frame frame(String image) throws IOException {
    byte[] file = Files.readAllBytes(GOLDEN.resolve("images/" + image + ".png"));
    return StillImage.read(file, 100_000_000);
  }
}
