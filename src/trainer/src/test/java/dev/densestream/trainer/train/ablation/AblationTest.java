package dev.densestream.trainer.train.ablation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.trainer.train.config.TrainConfig;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.TensorRuntime;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AblationTest {
  private static final String CONFIG =
      """
      {
        "name": "tiny", "seed": 1,
        "model": {
          "tower": {"side": 24, "patch": 6, "width": 8, "feedForward": 12, "heads": 2, "blocks": 23},
          "connector": "dci", "efficient": true,
          "language": {"width": 16, "feedForward": 24, "heads": 2, "keyValueHeads": 1, "layers": 2,
            "context": 512},
          "framesPerWindow": 2
        },
        "decay": 0.01, "clip": 1.0, "replicas": 1, "bfloat16": false,
        "stages": [
          {"name": "talk", "steps": 2, "windows": 2, "framesFrom": 1, "framesTo": 2, "questions": 2,
            "crowded": 0, "coded": 0, "rate": 1e-3, "warmUp": 1, "rateEnd": 0.1,
            "learns": ["projector", "language"],
            "shares": {"words": 1, "patches": 0, "tokens": 0.1, "motion": 0.1, "pointing": 0.1}}
        ]
      }
      """;

  @TempDir private Path folder;

  private String table(StringWriter said) throws Exception {
    TrainConfig config = TrainConfig.read(Files.writeString(folder.resolve("tiny.json"), CONFIG));
    try (TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(1, "cpu"))) {
      Ablation ablation =
          new Ablation(config, folder.resolve("out"), 4, runtime, new PrintWriter(said, true));
      return ablation.table(List.of(Variant.NONE, Variant.EFFICIENT_DCI), List.of(1L, 2L));
    }
  }

  @Test
  void hasARowForEachConnector_andTrainsNoneTwice() throws Exception {
    StringWriter first = new StringWriter();
    StringWriter again = new StringWriter();

    String table = table(first);

    assertThat(first.toString()).contains("none, seed 1").contains("efficient-dci, seed 2");
    assertThat(table.lines().toList())
        .hasSize(4)
        .satisfies(lines -> assertThat(lines.get(2)).startsWith("| none | 2 | 16 | ").contains("±"))
        .satisfies(lines -> assertThat(lines.get(3)).startsWith("| efficient-dci | 2 | 4 | "));
    assertThat(table(again)).isEqualTo(table);
    assertThat(again.toString()).isEmpty();
  }
}
