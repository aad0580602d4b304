package dev.densestream.framesampler;

import dev.densestream.framesampler.policy.UniformIndices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares {@link SamplingPolicy.Uniform} with the indices that the original code picks. */
public final class FrameParity {
  private static final String KIND = "frames";

  private FrameParity() {}

  /**
   * Runs every row of {@code case.json}.
   *
   * @param folder the kind's folder, with {@code case.json} in it
   * @throws IOException when that cannot be read
   */
  public static List<ParityResult> run(Path folder) throws IOException {
    JsonNode cases;
    try (var in = java.nio.file.Files.newInputStream(folder.resolve("case.json"))) {
      cases = JsonMapper.shared().readTree(in);
    }
    List<ParityResult> results = new ArrayList<>();
    for (JsonNode row : cases.path("rows")) {
      results.add(compare(row.get(0).asInt(), row.get(1).asInt(), row.get(2)));
    }
    if (results.isEmpty()) {
      throw new IOException("case.json has no rows");
    }
    return results;
  }

  private static ParityResult compare(int total, int wanted, JsonNode indices) {
    int[] expected = indices.valueStream().mapToInt(JsonNode::asInt).toArray();
    int[] actual = UniformIndices.of(total, wanted);
    return ParityResult.exact(
        KIND,
        wanted + " of " + total,
        Arrays.equals(expected, actual),
        "expected " + Arrays.toString(expected) + ", was " + Arrays.toString(actual));
  }
}
