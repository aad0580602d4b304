package dev.densestream.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Measures DenseStream and a llama.cpp build in turn, and writes the table. */
@Command(
    name = "side-by-side",
    mixinStandardHelpOptions = true,
    description = "Measures DenseStream and a llama.cpp build in turn, and writes the table.")
public final class SideBySide implements Callable<Integer> {
  @Option(
      names = "--llama-cpp",
      required = true,
      paramLabel = "DIR",
      description = "Where its programs are.")
  private Path llamaCpp = Path.of("");

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = "Its models, made where missing: up to 10 GB (default: ${DEFAULT-VALUE}).")
  private Path models = Path.of("src/benchmarks/target/models");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Gets report.md and samples.jsonl (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("src/benchmarks/target/side-by-side");

  @Option(
      names = "--tests",
      split = ",",
      paramLabel = "TEST",
      description = "Of: ${COMPLETION-CANDIDATES} (default: all).")
  private List<CandidateList.Group> tests = List.of(CandidateList.Group.values());

  @Option(
      names = "--shape",
      paramLabel = "SHAPE",
      description = "Of the language model (default: ${DEFAULT-VALUE}).")
  private String shape = "llama-1.1b";

  @Option(
      names = "--precisions",
      split = ",",
      paramLabel = "TYPE",
      description = "Ours (default: bf16,fp32).")
  private List<String> precisions = List.of("bf16", "fp32");

  @Option(
      names = "--types",
      split = ",",
      paramLabel = "TYPE",
      description = "llama.cpp's, of a language model (default: BF16,Q8_0,Q4_0,Q4_K_M).")
  private List<String> types = List.of("BF16", "Q8_0", "Q4_0", "Q4_K_M");

  @Option(
      names = "--vision-types",
      split = ",",
      paramLabel = "TYPE",
      description = "llama.cpp's, of a vision tower (default: BF16,F16,Q8_0).")
  private List<String> visionTypes = List.of("BF16", "F16", "Q8_0");

  @Option(
      names = "--batches",
      split = ",",
      paramLabel = "N",
      description = "Our frames in one encoder call (default: 1,4).")
  private List<Integer> batches = List.of(1, 4);

  @Option(
      names = "--orders",
      split = ",",
      paramLabel = "ORDER",
      description =
          "How llama-server gets its questions, of: ${COMPLETION-CANDIDATES} (default: all).")
  private List<QuestionsOnOneWindow.Order> orders = List.of(QuestionsOnOneWindow.Order.values());

  @Option(
      names = "--others-at-most",
      paramLabel = "CORES",
      description = {
        "Leave measurements out of the table during which other work kept more cores busy",
        "(default: none is left out)."
      })
  private double othersAtMost = Double.POSITIVE_INFINITY;

  @Option(names = "--rounds", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int rounds = 5;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Of each side (default: one per core).")
  private int threads = Runtime.getRuntime().availableProcessors();

  private final List<Sample> samples = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new SideBySide())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Files.createDirectories(models);
    Files.createDirectories(out);
    LlamaCpp build = new LlamaCpp(llamaCpp);
    List<Candidate> candidates =
        new CandidateList(build, new PeerModels(models, build), threads, shape)
            .of(tests, new CandidateList.Types(precisions, types, visionTypes, batches, orders));
    MachineLimits limits = MachineLimits.measure(threads);
    for (int round = 0; round < rounds; round++) {
      for (Candidate candidate : candidates) {
        measure(round, candidate);
      }
      limits = limits.or(MachineLimits.measure(threads));
    }
    if (samples.isEmpty()) {
      failures.forEach(System.err::println);
      return 1;
    }
    Machine machine = Machine.look(Path.of(""));
    String report =
        new Report(machine, build.version(), limits, threads, calm(), failures).markdown();
    Files.writeString(out.resolve("report.md"), report);
    System.out.println(report);
    return failures.isEmpty() ? 0 : 1;
  }

  /** A candidate that fails is named in the report; the others go on. */
  private void measure(int round, Candidate candidate) throws IOException, InterruptedException {
    System.err.printf("round %d: %s%n", round, candidate.name());
    var others = new OthersWork();
    try {
      List<Figure> figures = candidate.measure(round);
      double cores = others.cores();
      for (Figure figure : figures) {
        keep(Sample.of(round, candidate, figure, cores));
      }
    } catch (IOException | IllegalStateException | CompletionException e) {
      failures.add(candidate.name() + ", round " + round + ": " + e.getMessage());
    }
  }

  private List<Sample> calm() {
    List<Sample> calm = samples.stream().filter(s -> !(s.others() > othersAtMost)).toList();
    if (calm.size() < samples.size()) {
      failures.add(
          "%d of %d figures left out: other work kept more than %s cores busy"
              .formatted(samples.size() - calm.size(), samples.size(), othersAtMost));
    }
    return calm;
  }

  private void keep(Sample sample) throws IOException {
    samples.add(sample);
    Files.writeString(
        out.resolve("samples.jsonl"),
        JsonMapper.shared().writeValueAsString(sample) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
