package dev.densestream.answerservice.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.Loader;

/** Media that must be refused, made with the executable that comes with the decoder's library. */
final class MadeClips {
  private static final String FFMPEG = program();
  private final Path folder;

  MadeClips(Path folder) {
    this.folder = folder;
  }

  byte[] jpeg() throws IOException, InterruptedException {
    return made("one.jpg", "testsrc2=size=64x48:rate=1:duration=1", "-frames:v", "1");
  }

  byte[] audioOnly() throws IOException, InterruptedException {
    return made("sound.mp4", "sine=duration=1", "-c:a", "aac");
  }

  byte[] magicYuv() throws IOException, InterruptedException {
    return made("magic.mkv", "testsrc2=size=64x48:rate=5:duration=1", "-c:v", "magicyuv");
  }

  /** 33 million pixels: more than a clip may have, in a codec that is allowed. */
  byte[] huge() throws IOException, InterruptedException {
    return made(
        "huge.mkv", "color=size=8000x4096:rate=1:duration=1", "-c:v", "mpeg4", "-q:v", "31");
  }

  private byte[] made(String name, String filter, String... options)
      throws IOException, InterruptedException {
    Path target = folder.resolve(name);
    List<String> command =
        new ArrayList<>(List.of(FFMPEG, "-v", "error", "-y", "-f", "lavfi", "-i", filter));
    command.addAll(List.of(options));
    command.add(target.toString());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(folder.resolve("log").toFile());
    builder.environment().put("LD_LIBRARY_PATH", String.valueOf(Path.of(FFMPEG).getParent()));
    Process process = builder.start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(folder.resolve("log"))).isZero();
    return Files.readAllBytes(target);
  }

  private static String program() {
    try {
      // The executable needs libraries beside it that loading it alone does not unpack.
      Loader.cacheResources("/org/bytedeco/ffmpeg/" + Loader.getPlatform());
      return Loader.load(org.bytedeco.ffmpeg.ffmpeg.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
