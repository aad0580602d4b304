package dev.densestream.answerservice.command;

import static java.util.Objects.requireNonNull;

import dev.densestream.framesampler.ParityResult;
import dev.densestream.visionpipeline.DeviceMissingException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Compares with a folder of the original code's own outputs. */
@Command(
    name = "parity",
    mixinStandardHelpOptions = true,
    description = {
      "Compares with reference outputs: one line per case, with its largest error.",
      "Exit status 1 if any case misses its tolerance, or is not supported and not left out by"
          + " --only."
    })
final class ParityCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--fixtures",
      required = true,
      paramLabel = "DIR",
      description = "Folder with a manifest.json, or with one sub-folder per case.")
  private @Nullable Path fixtures;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "KIND",
      description = "Run these cases alone, such as clip,connector,llava-vicuna.")
  private List<String> only = List.of();

  @Mixin private DeviceOption device = new DeviceOption();

  @Option(names = "--verbose", description = "Print every comparison.")
  private boolean verbose;

  @Override
  public Integer call() {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    Path folder = requireNonNull(fixtures);
    List<String> cases = ParityCases.in(folder);
    Set<String> unknown = new HashSet<>(only);
    cases.forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      throw new CommandFailedException(
          "case_not_found", "There is no case " + unknown + " in " + folder + ": it has " + cases);
    }
    ParityReport report = new ParityReport(out, verbose);
    cases.stream()
        .filter(name -> only.isEmpty() || only.contains(name))
        .forEach(name -> report.add(name, run(folder, name, device.name())));
    return report.finish() ? 0 : 1;
  }

  /** A case that cannot even be run is a miss of that case, and the others still run. */
  private static List<ParityResult> run(Path folder, String name, String device) {
    try {
      return ParityCases.run(folder, name, device);
    } catch (DeviceMissingException missing) {
      throw missing; // of all cases
    } catch (RuntimeException failure) {
      String detail = failure.getClass().getSimpleName() + ": " + failure.getMessage();
      return List.of(ParityResult.exact(name, "run", false, detail));
    }
  }
}
