package dev.densestream.trainer.train.clips;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipLinesTest {
  @TempDir private Path folder;

  @BeforeEach
  void video() throws Exception {
    Files.writeString(folder.resolve("a.mp4"), "looked into later");
  }

  private List<ClipLine> read(String... lines) throws Exception {
    return ClipLines.read(Files.write(folder.resolve("clips.jsonl"), List.of(lines)), folder);
  }

  @Test
  void readsCaptionsAndQuestions() throws Exception {
    List<ClipLine> lines =
        read(
            "{\"video\": \"a.mp4\", \"caption\": \" A cat. \"}",
            "",
            "{\"video\": \"a\", \"question\": \"Who?\", \"answer\": \"A cat\", \"type\": \"x\"}");

    assertThat(lines).extracting(ClipLine::number).containsExactly(1, 3);
    assertThat(lines).extracting(ClipLine::answer).containsExactly("A cat.", "A cat");
    assertThat(lines.getFirst().question()).isEmpty();
    assertThat(lines.getLast().question()).contains("Who?");
    assertThat(lines).allMatch(line -> line.video().endsWith("a.mp4"));
  }

  @Test
  void namesEveryLineThatIsWrong_beforeAnythingIsLearnt() {
    assertThatThrownBy(
            () ->
                read(
                    "{\"video\": \"a.mp4\", \"caption\": \"fine\"}",
                    "no JSON",
                    "{\"caption\": \"of what?\"}",
                    "{\"video\": \"a.mp4\", \"question\": \"and?\"}",
                    "{\"video\": \"b.mp4\", \"caption\": \"lost\"}",
                    "{\"video\": \"../clips.jsonl\", \"caption\": \"out of the folder\"}"))
        .hasMessageContaining("clips.jsonl: line 2 is not JSON; line 3 has no \"video\"; line 4")
        .hasMessageContaining("line 5 names the video b.mp4, which is not there")
        .hasMessageContaining("line 6 names the video")
        .message()
        .doesNotContain("line 1");
  }

  @Test
  void saysHowManyMore_whenManyLinesAreWrong() {
    String[] lines = IntStream.range(0, 50).mapToObj(_ -> "{}").toArray(String[]::new);

    assertThatThrownBy(() -> read(lines)).hasMessageContaining("(and 45 more lines)");
  }

  @Test
  void refusesAFileWithNothingInIt() {
    assertThatThrownBy(() -> read("", " ")).hasMessageContaining("clips.jsonl has no lines");
  }
}
