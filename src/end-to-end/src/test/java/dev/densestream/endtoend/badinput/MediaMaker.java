package dev.densestream.endtoend.badinput;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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

  /** One picture beside some sound, as players show it for a song. */
  byte[] cover(String name, String options) throws IOException {
    String attached = "-map 1 -map 0 -c:v mjpeg -frames:v 1 -disposition:v:0 attached_pic ";
    return made(name, PICTURES, "-f lavfi -i sine=duration=1 " + attached + options);
  }

  /** Text alone. */
  byte[] subtitles(String name, String options) throws IOException {
    Path text = folder.resolve("subtitles.srt");
    Files.writeString(text, "1\n00:00:00,000 --> 00:00:01,000\nA cat.\n");
    return made(name, PICTURES, "-i " + text + " -map 1 " + options);
  }

  /** The header of a fragmented video, and nothing after it. */
  byte[] headerAlone(String name) throws IOException {
    byte[] whole = pictures(name, "-c:v libopenh264 -movflags empty_moov+frag_keyframe");
    int fragment = new String(whole, StandardCharsets.ISO_8859_1).indexOf("moof");
    return Arrays.copyOf(whole, fragment - Integer.BYTES);
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
