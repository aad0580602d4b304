package dev.densestream.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs {@code src/bin/densestream} in a small checkout of its own, with JDKs and a Maven that only
 * say how they were called, and a PATH with nothing else on it than what the script may use.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "macOS finds JDKs by a tool that cannot be hidden")
class LauncherIT {
  private static final Path LAUNCHER = Path.of("../bin/densestream").toAbsolutePath().normalize();
  private static final List<String> TOOLS =
      List.of(
          "basename", "dirname", "find", "head", "ls", "mkdir", "readlink", "rm", "sed", "touch");

  @TempDir private Path home;
  private Path path;
  private Path jdks;

  @BeforeEach
  void layOut() throws IOException {
    path = Files.createDirectories(home.resolve("path"));
    jdks = Files.createDirectories(home.resolve("jdks"));
    for (String tool : TOOLS) {
      Path place = Files.exists(Path.of("/usr/bin", tool)) ? Path.of("/usr/bin") : Path.of("/bin");
      script(path.resolve(tool), "#!/bin/sh\nexec " + place.resolve(tool) + " \"$@\"\n");
    }
    Files.createDirectories(home.resolve("src/bin"));
    script(home.resolve("src/bin/densestream"), Files.readString(LAUNCHER));
    Files.createDirectories(home.resolve("answer-service/src/main"));
    Files.createDirectories(home.resolve("answer-service/target"));
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    Files.writeString(home.resolve("answer-service/pom.xml"), "<project/>");
    script(
        path.resolve("mvn"),
        "#!/bin/sh\necho \"mvn $*\"\necho jar > answer-service/target/answer-service-1-exec.jar\n");
  }

  @Test
  void saysWhatIsMissing_whenThereIsNoJdk() throws Exception {
    Outcome outcome = run("", "--version");

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.errors()).contains("no JDK 25 or newer found").hasLineCount(1);
  }

  @Test
  void passesOverJdksThatAreTooOld() throws Exception {
    jdk(home.resolve("mine"), "17.0.9");
    jdk(jdks.resolve("a-21"), "21");
    jdk(jdks.resolve("b-25"), "25.0.1");
    jdk(jdks.resolve("c-26"), "26");

    assertThat(run(home.resolve("mine").toString(), "--version").output())
        .contains(jdks.resolve("b-25") + " ");
  }

  @Test
  void takesNoRuntimeWithoutACompiler() throws Exception {
    jdk(jdks.resolve("a-jre"), "25");
    Files.delete(jdks.resolve("a-jre/bin/javac"));

    assertThat(run("", "--version").errors()).contains("no JDK 25");
  }

  @Test
  void prefersJavaHome() throws Exception {
    jdk(home.resolve("mine"), "27-ea");
    jdk(jdks.resolve("a"), "25");

    assertThat(run(home.resolve("mine").toString(), "--version").output())
        .contains(home.resolve("mine") + " ");
  }

  @Test
  void findsTheJdkBehindJavaOnThePath() throws Exception {
    jdk(home.resolve("elsewhere"), "25.0.3");
    Files.createSymbolicLink(path.resolve("java"), home.resolve("elsewhere/bin/java"));

    assertThat(run("", "--version").output()).contains(home.resolve("elsewhere") + " ");
  }

  @Test
  void buildsWhenTheJarIsMissing_andOnlyThen() throws Exception {
    jdk(jdks.resolve("a"), "25");

    assertThat(run("", "--version").errors())
        .contains("mvn -q -B -Dmaven.test.skip=true -pl answer-service");
    assertThat(run("", "--version").errors()).doesNotContain("mvn");
  }

  @Test
  void buildsAgain_whenASourceIsNewerThanTheJar() throws Exception {
    jdk(jdks.resolve("a"), "25");
    run("", "--version");
    Path source = Files.writeString(home.resolve("answer-service/src/main/New.java"), "");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));

    assertThat(run("", "--version").errors()).contains("mvn -q");
  }

  /** The build gives the executable jar a date of long ago, whatever the sources are. */
  @Test
  void goesByTheDayOfTheBuild_notByTheDateInTheJar() throws Exception {
    jdk(jdks.resolve("a"), "25");
    run("", "--version");
    Path target = home.resolve("answer-service/target");
    Files.setLastModifiedTime(target.resolve("answer-service-1-exec.jar"), FileTime.fromMillis(0));
    Files.writeString(target.resolve("answer-service-1.jar"), "plain");
    Files.setLastModifiedTime(
        target.resolve("answer-service-1.jar"), FileTime.from(Instant.now().plusSeconds(60)));

    Outcome outcome = run("", "--version");

    assertThat(outcome.errors()).doesNotContain("mvn");
    assertThat(outcome.output()).contains("-exec.jar");
  }

  @Test
  void endsWithTheBuildsFailure() throws Exception {
    jdk(jdks.resolve("a"), "25");
    script(path.resolve("mvn"), "#!/bin/sh\nexit 1\n");

    Outcome outcome = run("", "--version");

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.errors()).contains("the build failed");
  }

  @Test
  void handsArgumentsOnUntouched() throws Exception {
    jdk(jdks.resolve("a"), "25");

    assertThat(run("", "ask", "--question", "Is it * or $HOME?").output())
        .contains("command.Main|ask|--question|Is it * or $HOME?|");
  }

  /** The module of vectors and the compiler for it take a second at the start. */
  @Test
  void startsWithVectors_whereASecondIsLittle() throws Exception {
    jdk(jdks.resolve("a"), "25");

    List<List<String>> fast =
        List.of(
            List.of("serve", "--port=1"),
            List.of("bench"),
            List.of("ask", "--precision", "int4"),
            List.of("evaluate", "--precision=INT4", "--questions", "a"),
            List.of("serve", "--demo", "--densestream.model.precision=int4"));
    for (List<String> command : fast) {
      assertThat(run("", command.toArray(String[]::new)).output())
          .as("" + command)
          .contains("|--add-modules|jdk.incubator.vector|")
          .doesNotContain("TieredStopAtLevel");
    }
    List<List<String>> quick =
        List.of(
            List.of("serve", "--demo"),
            List.of("ask"),
            List.of("ask", "--precision", "int8", "--question", "Is it int4?"));
    for (List<String> command : quick) {
      assertThat(run("", command.toArray(String[]::new)).output())
          .as("" + command)
          .contains("|-XX:TieredStopAtLevel=1|")
          .doesNotContain("jdk.incubator.vector");
    }
  }

  /** A JDK whose {@code java} prints its home and its arguments, and unpacks nothing. */
  private static void jdk(Path folder, String version) throws IOException {
    Files.createDirectories(folder.resolve("bin"));
    Files.writeString(folder.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    script(folder.resolve("bin/javac"), "#!/bin/sh\n");
    script(
        folder.resolve("bin/java"),
        """
        #!/bin/sh
        case "$*" in
          *jarmode*) while [ "$1" != --destination ]; do shift; done; mkdir -p "$2/lib" ;;
          *) printf '%s ' "$JAVA_HOME"; printf '%s|' "$@" ;;
        esac
        """);
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Outcome run(String javaHome, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("src/bin/densestream").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().put("PATH", path.toString());
    builder.environment().put("JAVA_HOME", javaHome);
    builder.environment().put("DENSESTREAM_JDKS", jdks.toString());
    Path errors = home.resolve("errors.txt");
    Process process = builder.redirectError(errors.toFile()).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Outcome(process.exitValue(), output, Files.readString(errors));
  }

  private record Outcome(int status, String output, String errors) {}
}
