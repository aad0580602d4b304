package dev.densestream.answerservice.command;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.AnswerFormat;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.Verdict;
import dev.densestream.answerservice.VisualBudget;
import dev.densestream.answerservice.clip.AskSettings;
import dev.densestream.answerservice.clip.ClipEvent;
import dev.densestream.answerservice.clip.ClipFormat;
import dev.densestream.answerservice.clip.ClipPipeline;
import dev.densestream.answerservice.clip.ClipResult;
import dev.densestream.answerservice.format.FormatException;
import dev.densestream.framesampler.Frame;
import dev.densestream.ingest.Media;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Flux;

/** One question about one recorded video, or one picture. */
@Command(
    name = "ask",
    mixinStandardHelpOptions = true,
    description = "Answers a question about a recorded video or a picture.")
final class AskCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ModelOptions options = new ModelOptions();

  @ArgGroup(multiplicity = "1")
  private Asked asked = new Asked();

  /** What the question is about: exactly one of them. */
  private static final class Asked {
    @Option(names = "--video", required = true, paramLabel = "FILE", description = "The video.")
    private @Nullable Path video;

    @Option(
        names = "--image",
        required = true,
        paramLabel = "FILE",
        description = "The picture (PNG, JPEG, GIF or BMP), seen in all detail the model allows.")
    private @Nullable Path image;
  }

  @Option(names = "--question", required = true, paramLabel = "TEXT", description = "The question.")
  private @Nullable String question;

  @Mixin private AnswerBounds bounds = new AnswerBounds();

  @Option(
      names = "--max-visual-tokens",
      paramLabel = "N",
      description = "Visual tokens at most: fewer frames, or less detail of a picture, are seen.")
  private int maxVisualTokens = VisualBudget.UNBOUNDED;

  @ArgGroup private Answered answered = new Answered();

  /** What the answer may be: at most one of them. */
  private static final class Answered {
    @Option(
        names = "--yes-no",
        required = true,
        description = "Answer Yes or No, with the probability of each.")
    private boolean yesNo;

    @Option(
        names = "--choices",
        required = true,
        split = ",",
        paramLabel = "TEXT",
        description = "Answer one of these, with the probability of each; commas part them.")
    private List<String> choices = List.of();

    AnswerFormat format() {
      if (yesNo) {
        return new AnswerFormat.YesNo();
      }
      return choices.isEmpty()
          ? AnswerFormat.text()
          : new AnswerFormat.Choices(choices.stream().map(String::strip).toList());
    }
  }

  @Option(names = "--json", description = "Print the whole result as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    AnswerFormat format = format();
    Optional<Frame> picture = Optional.ofNullable(asked.image).map(PictureFile::read);
    Optional<Media> media = Optional.ofNullable(asked.video).map(VideoFile::open);
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try (ClipWorkbench bench = ClipWorkbench.open(options, err)) {
      int seen = bounds.frames(bench.model());
      var generation = GenerationSettings.greedy(bounds.maxTokens(), format);
      var settings = new AskSettings(seen, maxVisualTokens, generation);
      String text = requireNonNull(question);
      ClipPipeline pipeline = bench.pipeline();
      Flux<ClipEvent> events =
          picture
              .map(frame -> pipeline.ask(frame, text, settings))
              .orElseGet(() -> pipeline.ask(media.orElseThrow(), text, settings));
      boolean free = format instanceof AnswerFormat.Text;
      Consumer<String> tokens = json || !free ? _ -> {} : token -> print(out, token);
      ClipResult result = new ClipRun(err, tokens).finish(events);
      out.print(json ? ClipFormat.JSON.write(result) : verdict(result) + "\n");
      out.flush();
    }
    return 0;
  }

  private AnswerFormat format() {
    try {
      return answered.format();
    } catch (FormatException refused) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(), "--choices: " + refused.sentence());
    }
  }

  /** Each choice on a line of its own, the likeliest first; nothing where none were given. */
  private static String verdict(ClipResult result) {
    return result.texts().getFirst().verdict().stream()
        .flatMap(verdict -> verdict.shares().stream())
        .sorted(Comparator.comparingDouble(Verdict.Share::probability).reversed())
        .map(share -> "%s %.4f".formatted(share.choice(), share.probability()))
        .collect(Collectors.joining("\n"));
  }

  private static void print(PrintWriter out, String text) {
    out.print(text);
    out.flush();
  }
}
