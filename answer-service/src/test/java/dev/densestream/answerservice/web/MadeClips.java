package dev.densestream.answerservice.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.Loader;

/** Media that must be refused, made with the executable that comes with the decoder's library. */
final class MadeClips {
  private static final String FFMPEG = Loader.load(org.bytedeco.ffmpeg.ffmpeg.class);
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

  /** 16000 x 16000 pixels. */
  byte[] huge() throws IOException, InterruptedException {
    return made(
        "huge.mkv", "color=size=16000x16000:rate=1:duration=1", "-c:v", "mjpeg", "-q:v", "31");
  }

  private byte[] made(String name, String filter, String... options)
      throws IOException, InterruptedException {
    Path target = folder.resolve(name);
    List<String> command =
        new ArrayList<>(List.of(FFMPEG, "-v", "error", "-y", "-f", "lavfi", "-i", filter));
    command.addAll(List.of(options));
    command.add(target.toString());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(folder.resolve("log"))).isZero();
    return Files.readAllBytes(target);
  }
}
