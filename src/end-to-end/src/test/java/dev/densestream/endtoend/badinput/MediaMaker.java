package dev.densestream.endtoend.badinput;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.Loader;

/** Makes small media with the executable that comes with the decoder's library. */
final class MediaMaker {
  private static final String PICTURES = "testsrc2=size=160x96:rate=10:duration=2";
  private final Path folder;
  private final String program;

  MediaMaker(Path folder) throws IOException {
    this.folder = folder;
    // The executable needs libraries beside it that loading it alone does not unpack.
    Loader.cacheResources("/org/bytedeco/ffmpeg/" + Loader.getPlatform());
    this.program = Loader.load(org.bytedeco.ffmpeg.ffmpeg.class);
  }

  /** Two seconds of moving pictures; {@code options} is a space-separated argument list. */
  byte[] pictures(String name, String options) throws IOException {
    return made(name, PICTURES, options);
  }

  byte[] made(String name, String filter, String options) throws IOException {
    Path target = folder.resolve(name);
    List<String> command = new ArrayList<>(List.of(program, "-v", "error", "-nostdin", "-y"));
    command.addAll(List.of("-threads", "1", "-f", "lavfi", "-i", filter, "-threads", "1"));
    command.addAll(List.of(options.split(" ", -1)));
    command.add(target.toString());
    run(command);
    return Files.readAllBytes(target);
  }

  private void run(List<String> command) throws IOException {
    Path log = folder.resolve("ffmpeg.log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(log.toFile());
    builder.environment().put("LD_LIBRARY_PATH", String.valueOf(Path.of(program).getParent()));
    Process process = builder.start();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException(command + ": " + Files.readString(log));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      process.destroyForcibly();
    }
  }
}
