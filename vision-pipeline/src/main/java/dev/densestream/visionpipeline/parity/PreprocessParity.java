package dev.densestream.visionpipeline.parity;

import dev.densestream.framesampler.ParityResult;
import dev.densestream.visionpipeline.ModelConfig;
import dev.densestream.visionpipeline.TensorFile;
import dev.densestream.visionpipeline.preprocess.FramePreparation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kind {@code preprocess}: pixel values within 1e-5, resized bytes exactly. */
public final class PreprocessParity implements ParityKind {
  private static final Pattern VALUES = Pattern.compile("(clip|siglip)\\.(pad|square)\\.(\\w+)");
  private static final Pattern BYTES = Pattern.compile("bytes\\.(clip|siglip)(\\d+)\\.(\\w+)");

  @Override
  public List<ParityResult> run(ParityRun run) {
    Fixtures fixtures = run.fixtures();
    ModelConfig sizes = fixtures.settings(run.kind()).section("sizes");
    TensorFile reference = run.reference("reference.safetensors");
    List<ParityResult> results = new ArrayList<>();
    for (String key : reference.keys()) {
      Matcher values = VALUES.matcher(key);
      Matcher bytes = BYTES.matcher(key);
      if (values.matches()) {
        FramePreparation preparation =
            preparation(
                values.group(1), sizes.positive(values.group(1)), values.group(2).equals("pad"));
        float[] pixels = new float[preparation.pixelValues()];
        preparation.prepare(fixtures.image("images/" + values.group(3) + ".png"), pixels, 0);
        results.add(
            run.compare(
                key, Difference.between(pixels, reference.floats(key)), Fixtures.PIXEL_TOLERANCE));
      } else if (bytes.matches()) {
        FramePreparation preparation =
            preparation(bytes.group(1), Integer.parseInt(bytes.group(2)), true);
        byte[] resized = preparation.resized(fixtures.image("images/" + bytes.group(3) + ".png"));
        boolean equal = Arrays.equals(resized, reference.bytes(key));
        results.add(ParityResult.exact(run.kind(), key, equal, "bytes differ"));
      }
    }
    return results;
  }

  private static FramePreparation preparation(String tower, int side, boolean pad) {
    return tower.equals("clip")
        ? FramePreparation.clip(side, pad)
        : FramePreparation.siglip(side, pad);
  }
}
