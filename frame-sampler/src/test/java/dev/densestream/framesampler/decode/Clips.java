package dev.densestream.framesampler.decode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.Loader;

/** Makes small clips with the bundled FFmpeg's executable, and asks it for its own results. */
final class Clips {
  private static final String FFMPEG = program(org.bytedeco.ffmpeg.ffmpeg.class);
  private static final String FFPROBE = program(org.bytedeco.ffmpeg.ffprobe.class);
  private final Path folder;

  Clips(Path folder) {
    this.folder = folder;
  }

  /** A clip of moving test pictures; {@code options} is a space-separated argument list. */
  Path clip(String name, String filter, String options) {
    Path target = folder.resolve(name);
    List<String> arguments = new ArrayList<>(List.of("-f", "lavfi", "-i", filter));
    arguments.addAll(split(options));
    arguments.add(target.toString());
    run(arguments);
    return target;
  }

  /** A copy of another clip's packets. */
  Path remuxed(Path source, String name, String before, String after) {
    Path target = folder.resolve(name);
    List<String> arguments = new ArrayList<>(split(before));
    arguments.addAll(List.of("-i", source.toString(), "-c", "copy"));
    arguments.addAll(split(after));
    arguments.add(target.toString());
    run(arguments);
    return target;
  }

  Path file(String name, byte[] content) {
    try {
      return Files.write(folder.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path file(String name, String content) {
    return file(name, content.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * All frames as the executable decodes and converts them, one {@code [h, w, 3]} after another.
   */
  static byte[] rgb(Path clip, String options) {
    return rgb(clip, options, "");
  }

  static byte[] rgb(Path clip, String options, String inputOptions) {
    List<String> arguments = new ArrayList<>(split(inputOptions));
    arguments.addAll(List.of("-i", clip.toString(), "-map", "0:v:0"));
    arguments.addAll(split(options));
    arguments.addAll(
        List.of("-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"));
    return run(arguments);
  }

  /** Each frame's {@code best_effort_timestamp}, in time base units. */
  static List<Long> timestamps(Path clip) {
    return timestamps(clip, "");
  }

  static List<Long> timestamps(Path clip, String inputOptions) {
    List<String> arguments = new ArrayList<>(List.of("-v", "error", "-select_streams", "v:0"));
    arguments.addAll(List.of("-show_entries", "frame=best_effort_timestamp", "-of", "csv=p=0"));
    arguments.addAll(split(inputOptions));
    arguments.add(clip.toString());
    String text = new String(run(FFPROBE, arguments), StandardCharsets.UTF_8);
    return text.lines()
        .map(line -> line.replaceAll("[^0-9-].*", ""))
        .filter(line -> !line.isEmpty())
        .map(Long::parseLong)
        .toList();
  }

  /** Packets of the video stream. */
  static int packets(Path clip) {
    List<String> arguments = new ArrayList<>(List.of("-v", "error", "-select_streams", "v:0"));
    arguments.addAll(List.of("-show_entries", "packet=size", "-of", "csv=p=0", clip.toString()));
    return (int) new String(run(FFPROBE, arguments), StandardCharsets.UTF_8).lines().count();
  }

  /** Such as 1/12800. */
  static String timeBase(Path clip) {
    return new String(
            run(
                FFPROBE,
                List.of(
                    "-v",
                    "error",
                    "-select_streams",
                    "v:0",
                    "-show_entries",
                    "stream=time_base",
                    "-of",
                    "csv=p=0",
                    clip.toString())),
            StandardCharsets.UTF_8)
        .strip()
        .lines()
        .findFirst()
        .orElseThrow()
        .replace(",", "");
  }

  private static String program(Class<?> owner) {
    try {
      // The executables need libraries beside them that loading them alone does not unpack.
      Loader.cacheResources("/org/bytedeco/ffmpeg/" + Loader.getPlatform());
      return Loader.load(owner);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> split(String options) {
    return Arrays.stream(options.split(" ", -1)).filter(option -> !option.isEmpty()).toList();
  }

  private static byte[] run(List<String> arguments) {
    List<String> all = new ArrayList<>(List.of("-v", "error", "-nostdin", "-y"));
    all.addAll(arguments);
    return run(FFMPEG, all);
  }

  private static byte[] run(String program, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(arguments);
    try {
      Path errors = Files.createTempFile("clips", ".txt");
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
      builder.environment().put("LD_LIBRARY_PATH", String.valueOf(Path.of(program).getParent()));
      Process process = builder.start();
      process.getOutputStream().close();
      try (InputStream output = process.getInputStream()) {
        byte[] result = output.readAllBytes();
        if (process.waitFor() != 0) {
          throw new IllegalStateException(command + ": " + Files.readString(errors));
        }
        return result;
      } finally {
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
