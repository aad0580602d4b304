package dev.densestream.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Clips, questions and captions in a folder, as the other commands read them. */
class WorldCommandIT {
  @TempDir private Path folder;

  @Test
  void writesClipsWithQuestionsAndCaptions() throws IOException {
    Outcome outcome = run("--scenes", "3", "--size", "96x96", "--output", folder.toString());

    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.status()).isZero();
    for (String file : List.of("questions.jsonl", "captions.jsonl")) {
      for (String line : Files.readAllLines(folder.resolve(file))) {
        JsonNode json = JsonMapper.shared().readTree(line);
        assertThat(folder.resolve(json.path("video").asString())).isNotEmptyFile();
      }
    }
    assertThat(folder.resolve("questions.jsonl")).content().contains("\"choices\":[");
    assertThat(outcome.out()).startsWith("3 clips, ");
  }

  @Test
  void writesWhatHappens_withItsTime() throws IOException {
    run("--scenes", "6", "--size", "96x96", "--output", folder.toString());

    List<JsonNode> captions =
        Files.readAllLines(folder.resolve("captions.jsonl")).stream()
            .map(JsonMapper.shared()::readTree)
            .toList();
    assertThat(captions).allMatch(line -> line.path("events").isArray());
    assertThat(captions).anyMatch(line -> line.path("events").size() > 1);
    for (JsonNode line : captions) {
      double before = 0;
      for (JsonNode event : line.path("events")) {
        assertThat(event.path("seconds").asDouble()).isBetween(before, 8.0);
        assertThat(event.path("text").asString()).endsWith(".");
        before = event.path("seconds").asDouble();
      }
      if (line.path("events").size() > 0) {
        assertThat(line.path("caption").asString())
            .startsWith(line.at("/events/0/text").asString());
      }
    }
  }

  @Test
  void writesTheSameAgain() throws IOException {
    run("--scenes", "2", "--varied", "--output", folder.resolve("a").toString());
    run("--scenes", "2", "--varied", "--output", folder.resolve("b").toString());

    for (String file : List.of("questions.jsonl", "captions.jsonl")) {
      assertThat(folder.resolve("a").resolve(file))
          .hasSameTextualContentAs(folder.resolve("b").resolve(file));
    }
  }

  @Test
  void refusesInOneLine() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThat(run("--size", "huge", "--output", folder.toString()).err())
        .contains("format_not_usable")
        .hasLineCount(1);
    assertThat(run("--size", "33x33", "--output", folder.toString()).err())
        .contains("even")
        .hasLineCount(1);
    assertThat(run("--output", file.toString()).err())
        .contains("output_not_written")
        .hasLineCount(1);
    assertThat(run("--split", "other", "--output", folder.toString()).status()).isEqualTo(2);
  }

  @Test
  void writesAReel_withItsAnswersBesideIt() throws IOException {
    Path reel = folder.resolve("reel.mp4");

    Outcome outcome =
        command(
            "reel",
            "--scenes=2",
            "--seconds=4",
            "--height=96",
            "--ask=Is there a circle?",
            "--output=" + reel);

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(reel).isNotEmptyFile();
    List<JsonNode> lines =
        Files.readAllLines(folder.resolve("reel.jsonl")).stream()
            .map(JsonMapper.shared()::readTree)
            .toList();
    assertThat(lines)
        .extracting(line -> line.path("start").asDouble())
        .containsExactly(0.0, 0.0, 4.0, 4.0);
    assertThat(lines).filteredOn(line -> line.has("answer")).hasSize(2);
    assertThat(lines).filteredOn(line -> line.has("caption")).hasSize(2);
    assertThat(command("reel", "--height=97", "--output=" + reel).err())
        .contains("reel_not_made")
        .hasLineCount(1);
  }

  @Test
  void checksCaptions_sentenceBySentence() throws IOException {
    run("--scenes", "4", "--seed", "3", "--size", "96x96", "--output", folder.toString());
    Path told = folder.resolve("told.jsonl");
    List<String> lines = Files.readAllLines(folder.resolve("descriptions.jsonl"));
    Files.write(told, lines.stream().map(line -> line.replace("\"answer\"", "\"pred\"")).toList());

    Outcome right = command("check", "--seed=3", "--captions=" + told);
    assertThat(right.status()).as(right.err()).isZero();
    assertThat(right.out().lines())
        .allMatch(line -> line.contains("(100.0 %); ") && line.contains(" are true (100.0 %)"))
        .extracting(line -> line.substring(0, line.indexOf(':')))
        .containsExactly("description", "sentence");

    // The control: of other scenes the same captions are not true.
    assertThat(command("check", "--seed=4", "--captions=" + told).out()).doesNotContain("100.0 %");
    Files.writeString(told, "nothing");
    assertThat(command("check", "--captions=" + told).err())
        .contains("captions_not_usable")
        .contains("line 1")
        .hasLineCount(1);
  }

  private static Outcome run(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "world";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return command(all);
  }

  private static Outcome command(String... all) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        TrainerMain.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(all);
    return new Outcome(status, out.toString(), err.toString());
  }

  private record Outcome(int status, String out, String err) {}
}
