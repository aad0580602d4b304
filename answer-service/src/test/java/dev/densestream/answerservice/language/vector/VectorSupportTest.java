package dev.densestream.answerservice.language.vector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a JVM of its own says of vectors. */
class VectorSupportTest {
  private static final List<String> MODULE = List.of("--add-modules", "jdk.incubator.vector");

  private static String answer(List<String> options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), VectorSupportTest.class.getName()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    return new String(process.getInputStream().readAllBytes(), UTF_8).strip();
  }

  @Test
  void isThere_withTheModuleAndTheOptimisingCompiler() throws IOException {
    assertThat(answer(MODULE)).isEqualTo("there");
  }

  @Test
  void isNotThere_withoutTheModule() throws IOException {
    assertThat(answer(List.of())).isEqualTo("not there");
  }

  @Test
  void isNotThere_withTheQuickCompilerAlone() throws IOException {
    List<String> options = new ArrayList<>(MODULE);
    options.add("-XX:TieredStopAtLevel=1");
    assertThat(answer(options)).isEqualTo("not there");
  }

  /** Run in the child. */
  public static void main(String[] args) {
    System.out.println(VectorSupport.isThere() ? "there" : "not there");
  }
}
