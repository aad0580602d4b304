package dev.densestream.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.command.Main;
import dev.densestream.trainer.video.Java2dClips;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the model that comes along says of clips that another renderer drew. */
class OtherRendererIT {
  private static final int CLIPS = 24;
  private static final double REQUIRED = 0.9;

  @TempDir private Path folder;

  @Test
  void answersAreTrue_andNotOfOtherClips() throws Exception {
    Java2dClips.write(folder, CLIPS, 0, 5);
    double own = right();
    Java2dClips.write(folder, CLIPS, 7, 5);
    double others = right();

    assertThat(own).isGreaterThan(REQUIRED);
    assertThat(others).as("the control").isLessThan(own - 0.4);
  }

  private double right() throws Exception {
    Path said = folder.resolve("said.json");
    Path failed = folder.resolve("failed.txt");
    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "evaluate",
                "--json",
                "--questions=" + folder.resolve("questions.jsonl"),
                "--videos=" + folder)
            .redirectOutput(said.toFile())
            .redirectError(failed.toFile())
            .start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(failed)).isZero();
    } finally {
      process.destroyForcibly();
    }
    JsonNode result = JsonMapper.shared().readTree(Files.readString(said));
    return result.path("all").path("accuracy").asDouble();
  }
}
