package dev.densestream.trainer.command;

import static java.util.Objects.requireNonNull;

import dev.densestream.trainer.video.ClipFormat;
import dev.densestream.trainer.video.Codec;
import dev.densestream.trainer.video.VariedFormats;
import dev.densestream.trainer.world.Scene;
import dev.densestream.trainer.world.World;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Clips of scenes, with questions and captions. */
@Command(
    name = "world",
    mixinStandardHelpOptions = true,
    description =
        "Writes clips of the synthetic world, with questions.jsonl and captions.jsonl about them.")
final class WorldCommand implements Callable<Integer> {
  private static final Pattern SIZE = Pattern.compile("(\\d{2,4})x(\\d{2,4})");

  /** Pixels of a clip whose size is not given. */
  private static final double AREA = 224 * 168;

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--output", required = true, paramLabel = "DIR", description = "Where to write.")
  private @Nullable Path output;

  @Option(names = "--scenes", description = "How many (default: ${DEFAULT-VALUE}).")
  private int scenes = 20;

  @Mixin private SceneOptions which = new SceneOptions();

  @Option(
      names = "--size",
      paramLabel = "WxH",
      description = "Pixels, with bars where a scene has another aspect (default: no bars).")
  private @Nullable String size;

  @Option(names = "--fps", description = "Frames per second (default: ${DEFAULT-VALUE}).")
  private int framesPerSecond = 15;

  @Option(names = "--bitrate", description = "Bits per second (default: ${DEFAULT-VALUE}).")
  private int bitsPerSecond = 400_000;

  @Option(names = "--codec", description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Codec codec = Codec.H264;

  @Option(
      names = "--varied",
      description = "Another size, rate, bitrate and codec for each clip, in place of those.")
  private boolean varied;

  @Override
  public Integer call() {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    Path folder = requireNonNull(output);
    try (ClipFolder clips = ClipFolder.open(folder, which)) {
      for (int i = 0; i < scenes; i++) {
        Scene scene = World.scene(which.split(), which.seed(), i);
        clips.add(scene, varied ? VariedFormats.of(scene) : format(scene));
      }
      out.println(clips.clips() + " clips, " + clips.questions() + " questions in " + folder);
      out.flush();
    } catch (IOException failure) {
      throw new RefusedException(
          "output_not_written",
          "Cannot write clips to " + folder + "; --output names a folder: " + failure.getMessage());
    }
    return 0;
  }

  private ClipFormat format(Scene scene) {
    try {
      return size()
          .map(s -> new ClipFormat(s[0], s[1], framesPerSecond, bitsPerSecond, codec))
          .orElseGet(() -> own(scene));
    } catch (IllegalArgumentException refused) {
      throw new RefusedException("format_not_usable", refused.getMessage() + ".");
    }
  }

  private ClipFormat own(Scene scene) {
    int width = VariedFormats.even(Math.sqrt(AREA) * scene.width());
    int height = VariedFormats.even(Math.sqrt(AREA) * scene.height());
    return new ClipFormat(width, height, framesPerSecond, bitsPerSecond, codec);
  }

  private Optional<int[]> size() {
    if (size == null) {
      return Optional.empty();
    }
    Matcher found = SIZE.matcher(size);
    if (!found.matches()) {
      throw new RefusedException(
          "format_not_usable", "--size is " + size + "; it is written as 320x240.");
    }
    return Optional.of(
        new int[] {Integer.parseInt(found.group(1)), Integer.parseInt(found.group(2))});
  }
}
