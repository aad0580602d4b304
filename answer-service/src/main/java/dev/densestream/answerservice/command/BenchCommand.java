package dev.densestream.answerservice.command;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.generate.StreamsBench;
import dev.densestream.answerservice.language.LanguageBench;
import dev.densestream.visionpipeline.EncoderBench;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.TensorRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Times models of real shapes with random weights. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Times a model of a real shape with random weights: no download, no meaning, true cost.",
      "Prints the median and the spread of the repetitions, after a warm-up."
    })
final class BenchCommand implements Callable<Integer> {
  private static final int WARM_UPS = 1;
  private static final int WARM_UP_SECONDS = 10;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--shape",
      required = true,
      paramLabel = "SHAPE",
      description = {
        "A vision tower: clip-l-336, siglip-so400m-384;",
        "or a language model: llama-tiny, llama-1.1b, llama-7b, llama-13b, llama3-8b."
      })
  private String shape = "";

  @Option(
      names = "--precision",
      paramLabel = "TYPE",
      description = "Of the weights: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Precision precision = Precision.FP32;

  @Option(
      names = "--batch",
      split = ",",
      paramLabel = "N",
      description = "Frames in one encoder call, one number or several (default: 1).")
  private List<Integer> batches = List.of(1);

  @Option(
      names = "--prefill",
      paramLabel = "N",
      description = "Prompt tokens of a language model (default: ${DEFAULT-VALUE}; 0: none).")
  private int prefill = 512;

  @Option(
      names = "--decode",
      paramLabel = "N",
      description = "Tokens a language model generates (default: ${DEFAULT-VALUE}; 0: none).")
  private int decode = 64;

  @Option(
      names = "--context",
      paramLabel = "N",
      description = "Tokens each sequence has before it decodes (default: ${DEFAULT-VALUE}).")
  private int context = 0;

  @Option(
      names = "--sequences",
      split = ",",
      paramLabel = "N",
      description = "Decoded together, one number or several (default: 1).")
  private List<Integer> sequences = List.of(1);

  @Option(
      names = "--questions",
      paramLabel = "N",
      description = {
        "Questions asked about one window of 1152 visual tokens, 20 tokens each, answered with 24:",
        "seconds until all are answered (default: ${DEFAULT-VALUE}: none)."
      })
  private int questions = 0;

  @Option(
      names = "--pace",
      paramLabel = "N",
      description = {
        "Answers under way while a window of 1152 visual tokens is taken in beside them:",
        "milliseconds between two tokens of one of them (default: ${DEFAULT-VALUE}: none)."
      })
  private int pace = 0;

  @Option(
      names = "--streams",
      paramLabel = "N",
      description = {
        "Live streams at once, a window of 8 frames closing in each every 10 seconds, which",
        "CLIP ViT-L/14-336 with the Efficient Dense Connector makes 1152 visual tokens of, and one",
        "question answered with 100 tokens: seconds from a window's end to its answer's",
        "(default: ${DEFAULT-VALUE}: none)."
      })
  private int streams = 0;

  @Option(
      names = "--slots",
      paramLabel = "N",
      description = "Answers of --streams generated together (default: ${DEFAULT-VALUE}).")
  private int slots = 64;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Whose windows --streams counts, after 10 more (default: ${DEFAULT-VALUE}).")
  private int seconds = 30;

  @Option(
      names = "--guide",
      description = {
        "Time what guiding by a JSON Schema adds to a token, for a made-up vocabulary",
        "of the shape's size."
      })
  private boolean guide;

  @Option(
      names = "--repetitions",
      paramLabel = "N",
      description = "Measured, after one warm-up (default: ${DEFAULT-VALUE}).")
  private int repetitions = 5;

  @Mixin private DeviceOption device = new DeviceOption();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "For one tensor operation (default: one per core).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--json", description = "Print JSON, one object per measurement.")
  private boolean json;

  @Override
  public Integer call() {
    if (!EncoderBench.shapes().contains(shape) && !LanguageBench.shapes().contains(shape)) {
      throw wrong(
          "--shape must be one of " + EncoderBench.shapes() + " or " + LanguageBench.shapes());
    }
    IntStream numbers = Stream.concat(batches.stream(), sequences.stream()).mapToInt(n -> n);
    if (repetitions < 1 || threads < 1 || numbers.anyMatch(n -> n < 1)) {
      throw wrong("--batch, --repetitions, --threads and --sequences must be positive");
    }
    if (slots < 1 || seconds < 1) {
      throw wrong("--slots and --seconds must be positive");
    }
    if (IntStream.of(prefill, decode, context, questions, pace, streams).anyMatch(n -> n < 0)) {
      throw wrong(
          "--prefill, --decode, --context, --questions, --pace and --streams must not be negative");
    }
    if (prefill + decode + questions + pace + streams < 1 && !guide) {
      throw wrong("one of --prefill, --decode, --questions, --pace and --streams must be positive");
    }
    precision.requireDevice(device.name());
    var table = new BenchTable(requireNonNull(spec).commandLine().getOut(), json);
    try (TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(threads, device.name()))) {
      rows(runtime).forEach(table::add);
    }
    return 0;
  }

  private List<BenchRow> rows(TensorRuntime runtime) {
    if (EncoderBench.shapes().contains(shape)) {
      return batches.stream().flatMap(batch -> encoder(runtime, batch).stream()).toList();
    }
    List<BenchRow> rows = new ArrayList<>();
    if (prefill + questions > 0) {
      rows.addAll(language(runtime, prefill, 0, 1, questions));
    }
    if (decode > 0) {
      sequences.forEach(together -> rows.addAll(language(runtime, 0, decode, together, 0)));
    }
    SharedBench shared = new SharedBench(runtime, shape, precision, repetitions);
    if (pace > 0) {
      rows.addAll(shared.pace(pace));
    }
    if (streams > 0) {
      rows.addAll(shared.streams(new StreamsBench.Load(streams, slots, WARM_UP_SECONDS, seconds)));
    }
    if (guide) {
      rows.addAll(shared.guide());
    }
    return rows;
  }

  private List<BenchRow> encoder(TensorRuntime runtime, int batch) {
    var plan = new EncoderBench.Plan(shape, precision, batch, WARM_UPS, repetitions);
    return BenchRow.of(EncoderBench.run(runtime, plan));
  }

  private List<BenchRow> language(
      TensorRuntime runtime, int prompt, int steps, int together, int asked) {
    var plan =
        new LanguageBench.Plan(
            shape, precision, prompt, steps, context, together, asked, WARM_UPS, repetitions);
    return BenchRow.of(LanguageBench.run(runtime, plan));
  }

  private ParameterException wrong(String sentence) {
    return new ParameterException(requireNonNull(spec).commandLine(), sentence);
  }
}
