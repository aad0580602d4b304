package dev.densestream.answerservice.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Command lines that need no model: what is refused, how, and with which exit status. */
class CommandTest {
  @TempDir private Path folder;

  @Test
  void exitsWith2_whenTheCommandLineIsWrong() {
    assertThat(run("ask", "--video", "x.mp4").status()).isEqualTo(2);
    assertThat(run("nonsense").status()).isEqualTo(2);
    assertThat(run("caption", "--video", "x.mp4", "--format", "doc").status()).isEqualTo(2);
    assertThat(run("bench", "--shape", "huge").status()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"--max-tokens, 0", "--frames, -1", "--max-tokens, many"})
  void namesTheCountThatIsNone(String option, String value) {
    Outcome refused = run("ask", "--video", "x.mp4", "--question", "What?", option, value);

    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err())
        .contains("'" + option + "'", "'" + value + "' is not a whole number from 1 on");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpu7", "tpu"})
  void namesTheDeviceThatIsNotThere_inOneLine(String device) {
    Outcome outcome = run("bench", "--shape", "llama-tiny", "--device", device);

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).startsWith("densestream: device_not_available: ").contains(device);
    assertThat(outcome.err().lines()).hasSize(1);
  }

  /** The control: the other half precision is no reason to end. */
  @Test
  void refusesFloat16OnAProcessor_inOneLine() {
    Outcome outcome = run("bench", "--shape", "llama-tiny", "--precision", "fp16");

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err())
        .isEqualToIgnoringNewLines(
            "densestream: device_not_available: precision fp16 is for a GPU: on a processor choose"
                + " bf16.");
    assertThat(outcome.err().lines()).hasSize(1);
    assertThat(
            run(
                    "bench",
                    "--shape=llama-tiny",
                    "--precision=bf16",
                    "--prefill=0",
                    "--decode=1",
                    "--repetitions=1")
                .status())
        .isZero();
  }

  @Test
  void refusesFourBitsOnAGpu_inOneLine() {
    Outcome outcome =
        run("bench", "--shape", "llama-tiny", "--precision", "int4", "--device", "gpu0");

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err())
        .isEqualToIgnoringNewLines(
            "densestream: device_not_available: precision int4 is for a processor: on a GPU choose"
                + " bf16.");
  }

  @Test
  void namesTheMissingVideo_inOneLine() {
    assertThat(run("ask", "--question", "What?").status()).isEqualTo(2);
    assertThat(run("ask", "--video", "a", "--image", "b", "--question", "What?").status())
        .isEqualTo(2);
    assertThat(run("ask", "--image", "no-such.png", "--question", "What?").err())
        .contains("no-such.png");
    Outcome outcome = run("ask", "--video", "no-such.mp4", "--question", "What?");

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err())
        .isEqualToIgnoringNewLines(
            "densestream: video_not_found: There is no readable file no-such.mp4; --video names a"
                + " video file.");
    assertThat(outcome.out()).isEmpty();
  }

  @Test
  void refusesChoicesThatCannotBeToldApart() {
    Outcome twice =
        run("ask", "--video", "no-such.mp4", "--question", "Which?", "--choices", "red,red");
    assertThat(twice.status()).isEqualTo(2);
    assertThat(twice.err()).contains("--choices: choices must be different");
    assertThat(
            run("ask", "--video", "a", "--question", "b", "--choices", "red", "--yes-no").status())
        .isEqualTo(2);
  }

  @Test
  void namesTheMissingFixtures() {
    assertThat(run("parity", "--fixtures", folder.resolve("none").toString()).err())
        .contains("fixtures_not_found")
        .hasLineCount(1);
  }

  @Test
  void namesCasesThatAreNotThere() throws IOException {
    Files.createDirectory(folder.resolve("clip"));

    Outcome outcome = run("parity", "--fixtures", folder.toString(), "--only", "clop");

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).contains("no case [clop]").contains("[clip]");
  }

  @Test
  void listsUnsupportedCases_andFails_unlessTheyAreLeftOut() throws IOException {
    Files.createDirectories(folder.resolve("mining"));
    frames("[[10, 2, [2, 6]]]");

    Outcome all = run("parity", "--fixtures", folder.toString());
    Outcome only = run("parity", "--fixtures", folder.toString(), "--only", "frames");

    assertThat(all.status()).isEqualTo(1);
    assertThat(all.out()).contains("unsupported  mining").contains("1 ok, 0 missed, 1 unsupported");
    assertThat(only.status()).isZero();
    assertThat(only.out()).contains("ok           frames").doesNotContain("mining");
  }

  /** The control: a wrong reference must show. */
  @Test
  void fails_whenACaseMissesItsReference() throws IOException {
    frames("[[10, 2, [2, 8]]]");

    Outcome outcome = run("parity", "--fixtures", folder.toString());

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.out()).contains("MISSED       frames").contains("0 ok, 1 missed");
  }

  @Test
  void readsTheCasesFromTheManifest() throws IOException {
    frames("[[10, 2, [2, 6]]]");
    Files.createDirectory(folder.resolve("not-listed"));
    Files.writeString(folder.resolve("manifest.json"), "{\"cases\": [{\"case\": \"frames\"}]}");

    Outcome outcome = run("parity", "--fixtures", folder.toString());

    assertThat(outcome.status()).isZero();
    assertThat(outcome.out()).doesNotContain("not-listed");
  }

  @Test
  void passesSettingsOnToTheApplication() {
    assertThat(
            serve(
                "--demo",
                "--port=0",
                "--kafka",
                "k:9092",
                "--data-dir",
                "d",
                "--device=gpu0",
                "--densestream.windows.idle=5s"))
        .containsExactly(
            "--densestream.demo=true",
            "--server.port=0",
            "--densestream.model.device=gpu0",
            "--densestream.kafka.bootstrap-servers=k:9092",
            "--densestream.kafka.data-dir=" + Path.of("d", "topics"),
            "--densestream.clips.data-dir=" + Path.of("d", "clips"),
            "--densestream.windows.idle=5s");
  }

  @Test
  void refusesAMisspeltOptionOfServe() {
    assertThat(run("serve", "--prot", "80").status()).isEqualTo(2);
  }

  private void frames(String rows) throws IOException {
    Path place = Files.createDirectories(folder.resolve("frames"));
    Files.writeString(place.resolve("case.json"), "{\"rows\": " + rows + "}", UTF_8);
  }

  private static List<String> serve(String... arguments) {
    ServeCommand command = new ServeCommand();
    new CommandLine(command).parseArgs(arguments);
    return command.arguments();
  }

  private static Outcome run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Outcome(status, out.toString(), err.toString());
  }

  private record Outcome(int status, String out, String err) {}
}
