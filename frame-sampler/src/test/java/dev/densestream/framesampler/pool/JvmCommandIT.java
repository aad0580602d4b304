package dev.densestream.framesampler.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.densestream.framesampler.DecoderSettings;
import dev.densestream.framesampler.MediaLimits;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.framesampler.protocol.Replies;
import dev.densestream.framesampler.protocol.Reply;
import dev.densestream.framesampler.protocol.Task;
import dev.densestream.framesampler.protocol.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The decoder process as it is started for real. */
@EnabledIfSystemProperty(
    named = "densestream.fixtures.present",
    matches = "true",
    disabledReason = "the reference fixtures are not beside this checkout")
class JvmCommandIT {
  @TempDir static Path scratch;

  @Test
  void hasNoEnvironment_writesNoFiles_andHasItsMemoryLimited() throws Exception {
    Process process = start();
    try {
      assertThat(Replies.read(process.getInputStream())).isInstanceOf(Reply.Hello.class);
      Path proc = Path.of("/proc", Long.toString(process.pid()));
      assumeThat(proc).exists();
      assertThat(Files.readAllBytes(proc.resolve("environ"))).isEmpty();
      assumeThat(Path.of("/usr/bin/prlimit")).exists();
      List<String> limits = Files.readAllLines(proc.resolve("limits"));
      assertThat(limits).anyMatch(line -> line.matches("Max file size +0 .*"));
      assertThat(limits).anyMatch(line -> line.matches("Max core file size +0 .*"));
      assertThat(limits).anyMatch(line -> line.matches("Max address space +3221225472 .*"));
    } finally {
      process.destroyForcibly();
    }
  }

  /** Nothing a library prints can get between the messages. */
  @Test
  void repliesHaveADescriptorOfTheirOwn() throws Exception {
    Process process = start();
    try {
      assertThat(Replies.read(process.getInputStream())).isInstanceOf(Reply.Hello.class);
      Path descriptors = Path.of("/proc", Long.toString(process.pid()), "fd");
      assumeThat(descriptors).exists();
      assertThat(descriptors.resolve("1").toRealPath()).isEqualTo(Path.of("/dev/null"));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void endsWithItsParent_evenInTheMiddleOfAMedia() throws Exception {
    Process process = start();
    try {
      assertThat(Replies.read(process.getInputStream())).isInstanceOf(Reply.Hello.class);
      Path clip = Path.of(System.getProperty("densestream.fixtures"), "media", "bigbuckbunny.mp4");
      Task task =
          new Task(
              new Task.Verb.Sample(SamplingPolicy.parse("fps:1000")),
              MediaLimits.defaults(),
              1,
              new Task.Source.File(clip.toString()));
      process.getOutputStream().write(Tasks.message(task));
      process.getOutputStream().flush();
      assertThat(Replies.read(process.getInputStream())).isInstanceOf(Reply.Picture.class);
      assertThat(process.isAlive()).isTrue();
      process.getOutputStream().close(); // as when the parent is killed
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void unpacksOnce_andOnlyIntoItsFolder() throws Exception {
    JvmCommand first = new JvmCommand(settings());
    List<String> arguments = first.arguments();
    long files = files();
    assertThat(new JvmCommand(settings()).arguments()).isEqualTo(arguments);
    assertThat(files()).isEqualTo(files);
    assertThat(arguments).anyMatch(argument -> argument.contains("cachedir=" + scratch));
  }

  private static Process start() throws IOException, InterruptedException {
    JvmCommand command = new JvmCommand(settings());
    ProcessBuilder builder = new ProcessBuilder(command.arguments());
    builder.environment().clear();
    return builder.directory(command.folder().toFile()).start();
  }

  private static DecoderSettings settings() {
    return DecoderSettings.defaults().withScratch(scratch);
  }

  private static long files() throws IOException {
    try (Stream<Path> all = Files.walk(scratch)) {
      return all.count();
    }
  }
}
