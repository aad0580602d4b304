package dev.densestream.answerservice.command;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.clip.AskSettings;
import dev.densestream.answerservice.clip.ClipFormat;
import dev.densestream.answerservice.clip.ClipResult;
import dev.densestream.ingest.Media;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** One question about one recorded video. */
@Command(
    name = "ask",
    mixinStandardHelpOptions = true,
    description = "Answers a question about a recorded video.")
final class AskCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ModelOptions options = new ModelOptions();

  @Option(names = "--video", required = true, paramLabel = "FILE", description = "The video.")
  private @Nullable Path video;

  @Option(names = "--question", required = true, paramLabel = "TEXT", description = "The question.")
  private @Nullable String question;

  @Option(
      names = "--frames",
      paramLabel = "N",
      description = "Frames the model sees, spread over the video (default: the model's own).")
  private @Nullable Integer frames;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Longest answer (default: ${DEFAULT-VALUE}).")
  private int maxTokens = 128;

  @Option(names = "--json", description = "Print the whole result as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Media media = VideoFile.open(requireNonNull(video));
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try (ClipWorkbench bench = ClipWorkbench.open(options, err)) {
      int seen = frames == null ? bench.model().framesPerWindow() : frames;
      var settings = new AskSettings(seen, GenerationSettings.greedy(maxTokens));
      Consumer<String> tokens = json ? _ -> {} : text -> print(out, text);
      ClipResult result =
          new ClipRun(err, tokens)
              .finish(bench.pipeline().ask(media, requireNonNull(question), settings));
      out.print(json ? ClipFormat.JSON.write(result) : "\n");
      out.flush();
    }
    return 0;
  }

  private static void print(PrintWriter out, String text) {
    out.print(text);
    out.flush();
  }
}
