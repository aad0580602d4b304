package dev.densestream.answerservice.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real video through the whole pipeline, with the demo model, without server or broker. */
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
class ClipCommandIT {
  private static final Path CARS =
      Path.of(System.getProperty("densestream.fixtures")).resolve("media/car-detection.mp4");

  @TempDir private Path folder;

  @Test
  void answersAQuestion() {
    Outcome outcome = run("ask", "--video", CARS.toString(), "--question", "What is there?");

    assertThat(outcome.status()).isZero();
    assertThat(outcome.out()).isNotBlank();
    assertThat(outcome.err()).startsWith("note: demo model").hasLineCount(1);
  }

  @Test
  void choosesAmongTheGiven_withTheProbabilityOfEach() {
    Outcome yesNo = run("ask", "--video", CARS.toString(), "--question", "Cars?", "--yes-no");
    assertThat(yesNo.status()).as(yesNo.err()).isZero();
    assertThat(yesNo.out().lines())
        .hasSize(2)
        .allMatch(line -> line.matches("(Yes|No) [01]\\.[0-9]{4}"));

    JsonNode answer =
        JsonMapper.shared()
            .readTree(
                run(
                        "ask",
                        "--video",
                        CARS.toString(),
                        "--question",
                        "Which?",
                        "--choices",
                        "red, light green,blue",
                        "--json")
                    .out())
            .path("answer");
    assertThat(answer.path("choice").asString())
        .isIn("red", "light green", "blue")
        .isEqualTo(answer.path("text").asString());
    assertThat(answer.path("probabilities").propertyNames())
        .containsExactly("red", "light green", "blue");
  }

  @Test
  void accountsForEveryFrame_inJson() {
    JsonNode json =
        JsonMapper.shared()
            .readTree(
                run("ask", "--video", CARS.toString(), "--question", "What is there?", "--json")
                    .out());

    assertThat(json.at("/model/notice").asString()).startsWith("demo model");
    assertThat(json.at("/frames/seen").asLong())
        .isPositive()
        .isEqualTo(json.at("/frames/sampled").asLong() + json.at("/frames/gated").asLong());
    assertThat(json.at("/answer/framePtsMicros").size())
        .isEqualTo(json.at("/frames/sampled").asInt());
    assertThat(json.at("/durationMicros").asLong()).isBetween(29_000_000L, 31_000_000L);
  }

  @Test
  void captionsEveryTenSeconds() throws Exception {
    Path file = folder.resolve("cars.srt");

    Outcome outcome =
        run(
            "caption",
            "--video",
            CARS.toString(),
            "--format",
            "srt",
            "--max-tokens",
            "4",
            "--output",
            file.toString());

    assertThat(outcome.status()).isZero();
    assertThat(Files.readString(file))
        .startsWith("1\r\n00:00:00,000 --> 00:00:10,000\r\n")
        .contains("\r\n2\r\n00:00:10,000 --> 00:00:20,000\r\n")
        .contains("\r\n3\r\n00:00:20,000 --> ");
  }

  @Test
  void refusesWhatIsNoVideo_inOneLine() throws Exception {
    Path text = Files.writeString(folder.resolve("notes.mp4"), "no video at all\n".repeat(1000));

    Outcome outcome = run("ask", "--video", text.toString(), "--question", "What is there?");

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err().lines().filter(line -> line.startsWith("densestream: "))).hasSize(1);
    assertThat(outcome.err()).contains("not_a_video");
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
