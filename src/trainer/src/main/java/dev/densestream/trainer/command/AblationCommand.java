package dev.densestream.trainer.command;

import static java.util.Objects.requireNonNull;

import dev.densestream.trainer.train.ablation.Ablation;
import dev.densestream.trainer.train.ablation.Variant;
import dev.densestream.trainer.train.config.TrainConfig;
import dev.densestream.visionpipeline.DeviceMissingException;
import dev.densestream.visionpipeline.RuntimeSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The paper's comparison. */
@Command(
    name = "ablation",
    mixinStandardHelpOptions = true,
    description =
        "Trains one model for each connector and seed, all alike, and prints a table of what they"
            + " answer right. Called again it goes on where it was ended.")
final class AblationCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "What to train, such as src/trainer/config/ablation.json.")
  private @Nullable Path config;

  @Option(names = "--output", required = true, paramLabel = "DIR", description = "For all of it.")
  private @Nullable Path output;

  @Option(
      names = "--seeds",
      split = ",",
      description = "One training of each connector for each (default: ${DEFAULT-VALUE}).")
  private List<Long> seeds = List.of(1L, 2L, 3L);

  @Option(
      names = "--connectors",
      split = ",",
      description = "${COMPLETION-CANDIDATES} (default: all).")
  private List<Variant> connectors = List.of(Variant.values());

  @Option(
      names = "--scenes",
      description = "Of the test split that are asked about (default: ${DEFAULT-VALUE}).")
  private int scenes = 400;

  @Option(names = "--threads", description = "That compute (default: one per core).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--device", description = "cpu or gpu0 (default: ${DEFAULT-VALUE}).")
  private String device = "cpu";

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    try {
      TrainConfig read = TrainConfig.read(requireNonNull(config));
      RuntimeSettings engine = new RuntimeSettings(read.threadsOfAReplica(threads), device);
      Ablation ablation = new Ablation(read, requireNonNull(output), scenes, engine, out);
      out.print(ablation.table(connectors, seeds));
      out.flush();
    } catch (DeviceMissingException missing) {
      throw new RefusedException("device_not_available", missing.getMessage() + ".");
    } catch (IllegalArgumentException refused) {
      throw new RefusedException("training_not_started", refused.getMessage() + ".");
    }
    return 0;
  }
}
