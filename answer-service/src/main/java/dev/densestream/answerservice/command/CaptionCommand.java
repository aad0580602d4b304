package dev.densestream.answerservice.command;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.VisualBudget;
import dev.densestream.answerservice.clip.CaptionSettings;
import dev.densestream.answerservice.clip.ClipFormat;
import dev.densestream.answerservice.clip.ClipResult;
import dev.densestream.ingest.Media;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Timed captions of one recorded video. */
@Command(
    name = "caption",
    mixinStandardHelpOptions = true,
    description = "Captions a recorded video, window by window.")
final class CaptionCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ModelOptions options = new ModelOptions();

  @Option(names = "--video", required = true, paramLabel = "FILE", description = "The video.")
  private @Nullable Path video;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private ClipFormat format = ClipFormat.VTT;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Where to write (default: standard output).")
  private @Nullable Path output;

  @Option(
      names = "--window",
      paramLabel = "SECONDS",
      description = "Media time per caption (default: ${DEFAULT-VALUE}).")
  private double window = 10;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "Asked of every window (default: \"${DEFAULT-VALUE}\").")
  private String prompt = CaptionSettings.DEFAULT_PROMPT;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      converter = AtLeastOne.class,
      description = "Longest caption (default: ${DEFAULT-VALUE}).")
  private int maxTokens = 64;

  @Option(
      names = "--max-visual-tokens",
      paramLabel = "N",
      description = "Visual tokens of a window at most: fewer of its frames are seen.")
  private int maxVisualTokens = VisualBudget.UNBOUNDED;

  @Override
  public Integer call() {
    Media media = VideoFile.open(requireNonNull(video));
    PrintWriter err = requireNonNull(spec).commandLine().getErr();
    try (ClipWorkbench bench = ClipWorkbench.open(options, err)) {
      var settings =
          new CaptionSettings(
              Duration.ofMillis(Math.round(window * 1000)),
              bench.model().framesPerWindow(),
              maxVisualTokens,
              prompt,
              GenerationSettings.greedy(maxTokens));
      ClipResult result =
          new ClipRun(err, _ -> {}).finish(bench.pipeline().caption(media, settings));
      write(format.write(result));
    }
    return 0;
  }

  private void write(String text) {
    if (output == null) {
      PrintWriter out = requireNonNull(spec).commandLine().getOut();
      out.print(text);
      out.flush();
      return;
    }
    try {
      Files.writeString(output, text);
    } catch (IOException e) {
      throw new CommandFailedException(
          "output_not_written", "Cannot write to " + output + "; --output names a file.");
    }
  }
}
