package dev.densestream.answerservice.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** What a JVM of its own is told about its compilers. */
class QuickCompilerTest {
  private static final String EXCLUDED = "Exclude:true";

  @Test
  void leavesTheOptimisingCompilerOut_whenNoOptionSaysOtherwise() throws IOException {
    assertThat(directives())
        .contains(EXCLUDED)
        .containsSubsequence("language/vector/*.*", "Exclude:false", "*.*", EXCLUDED);
  }

  @Test
  void leavesTheChoiceToTheOption() throws IOException {
    assertThat(directives("-XX:TieredStopAtLevel=4"))
        .contains("Directive")
        .doesNotContain(EXCLUDED);
  }

  private static String directives(String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), QuickCompilerTest.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }

  /** Run in the child. */
  public static void main(String[] args) throws JMException {
    QuickCompiler.prefer();
    System.out.println(
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "compilerDirectivesPrint",
                new Object[0],
                new String[0]));
  }
}
