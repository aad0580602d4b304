package dev.densestream.trainer.command;

import static java.util.Objects.requireNonNull;

import dev.densestream.trainer.reel.Reel;
import dev.densestream.trainer.reel.ReelFile;
import dev.densestream.trainer.reel.ReelPlan;
import dev.densestream.trainer.video.ClipFormat;
import dev.densestream.trainer.video.Codec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a camera films that is turned to the world, scene by scene. */
@Command(
    name = "reel",
    mixinStandardHelpOptions = true,
    description =
        "Writes scenes of equal length into one video, about all of which the same questions can be"
            + " asked, and beside it a file of their answers.")
final class ReelCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE.mp4",
      description = "The video; the answers are beside it, in FILE.jsonl.")
  private @Nullable Path output;

  @Option(
      names = "--ask",
      paramLabel = "TEXT",
      description = "A question that every scene answers; given once for each.")
  private List<String> questions = List.of();

  @Option(names = "--scenes", description = "How many (default: ${DEFAULT-VALUE}).")
  private int scenes = 10;

  @Option(names = "--seconds", description = "Of each scene (default: ${DEFAULT-VALUE}).")
  private int seconds = 8;

  @Option(names = "--events", description = "Of each scene at least (default: ${DEFAULT-VALUE}).")
  private int events;

  @Mixin private SceneOptions which = new SceneOptions();

  @Option(
      names = "--height",
      description = "Pixels; the width is four thirds of it (default: ${DEFAULT-VALUE}).")
  private int height = 180;

  @Option(names = "--fps", description = "Frames per second (default: ${DEFAULT-VALUE}).")
  private int framesPerSecond = 15;

  @Option(names = "--bitrate", description = "Bits per second (default: ${DEFAULT-VALUE}).")
  private int bitsPerSecond = 100_000;

  @Override
  public Integer call() {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    Path video = requireNonNull(output);
    try {
      ReelPlan plan =
          new ReelPlan(
              which.split(),
              which.seed(),
              scenes,
              seconds,
              4 / 3.0,
              which.frames(),
              questions,
              events);
      ClipFormat format =
          new ClipFormat(4 * height / 3, height, framesPerSecond, bitsPerSecond, Codec.H264);
      ReelFile.write(Reel.of(plan), format, video);
      out.println(scenes + " scenes of " + seconds + " s in " + video);
      out.flush();
    } catch (IllegalArgumentException refused) {
      throw new RefusedException("reel_not_made", refused.getMessage() + ".");
    } catch (IOException failure) {
      throw new RefusedException(
          "output_not_written",
          "Cannot write " + video + "; --output names a file: " + failure.getMessage());
    }
    return 0;
  }
}
