package dev.densestream.trainer.command;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.tokenizer.TokenizerException;
import dev.densestream.trainer.train.clips.ClipTraining;
import dev.densestream.trainer.train.clips.ClipTrainingRun;
import dev.densestream.trainer.train.config.TrainConfig;
import dev.densestream.trainer.train.run.TrainingRun;
import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.DeviceMissingException;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.TensorRuntime;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A model from a config, or a model's projector from people's clips. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description =
        "Trains a model on the synthetic world, or the projector of a model on clips of your own."
            + " The model so far is always in the folder \"model\" of the output; a training that"
            + " was ended goes on with --resume.")
final class TrainCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private @Nullable What what;

  /** One of the two. */
  private static final class What {
    @Option(
        names = "--config",
        required = true,
        paramLabel = "FILE",
        description = "What to train, such as src/trainer/config/demo.json.")
    private @Nullable Path config;

    @ArgGroup(exclusive = false, heading = "The projector of a model, on clips of your own:%n")
    private @Nullable ClipOptions clips;
  }

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Where the training's state and the model are written.")
  private @Nullable Path output;

  @Option(names = "--resume", description = "Go on with the training that is in the output.")
  private boolean resume;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Stop after so many steps; --resume goes on (default: at the end).")
  private int steps = Integer.MAX_VALUE;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "That compute (default: one per core).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--device", description = "cpu or gpu0 (default: ${DEFAULT-VALUE}).")
  private String device = "cpu";

  @Option(
      names = "--checkpoint-minutes",
      paramLabel = "N",
      description = "Time between two checkpoints (default: ${DEFAULT-VALUE}).")
  private int checkpointMinutes = 5;

  @Option(
      names = "--examine",
      paramLabel = "N",
      description =
          "Scenes of the validation split asked about at each checkpoint (default:"
              + " ${DEFAULT-VALUE}).")
  private int examined = 48;

  @Option(
      names = "--report-steps",
      paramLabel = "N",
      description = "Steps between two lines of progress (default: a line every 10 s).")
  private int reportSteps;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    try {
      Path config = requireNonNull(what).config;
      boolean over = config == null ? onClips(out) : onTheWorld(config, out);
      out.println(
          over ? "done: the model is in " + output + "/model" : "stopped; --resume goes on");
      out.flush();
    } catch (DeviceMissingException missing) {
      throw new RefusedException("device_not_available", missing.getMessage() + ".");
    } catch (IllegalArgumentException | CheckpointException | TokenizerException refused) {
      String said = String.valueOf(refused.getMessage());
      throw new RefusedException("training_not_started", said + (said.endsWith(".") ? "" : "."));
    }
    return 0;
  }

  private boolean onTheWorld(Path config, PrintWriter out) throws InterruptedException {
    TrainConfig read = TrainConfig.read(config);
    try (TensorRuntime runtime = runtime(read.threadsOfAReplica(threads));
        TrainingRun run =
            new TrainingRun(
                read, text(config), requireNonNull(output), resume, settings(), runtime, out)) {
      return run.run();
    }
  }

  private TensorRuntime runtime(int threadsOfAnOperation) {
    return TensorRuntime.open(new RuntimeSettings(threadsOfAnOperation, device));
  }

  private boolean onClips(PrintWriter out) {
    ClipTraining training = requireNonNull(requireNonNull(what).clips).training();
    try (TensorRuntime runtime = runtime(threads);
        ClipTrainingRun run =
            new ClipTrainingRun(
                training, requireNonNull(output), resume, settings(), runtime, out)) {
      boolean over = run.run();
      if (run.unusable() > 0) {
        out.println(run.unusable() + " videos could not be used and were left out");
      }
      return over;
    }
  }

  private TrainingRun.Settings settings() {
    if (steps < 1 || checkpointMinutes < 1 || examined < 0 || reportSteps < 0) {
      throw new IllegalArgumentException(
          "--steps and --checkpoint-minutes must be >= 1, --examine and --report-steps >= 0");
    }
    return new TrainingRun.Settings(
        steps, Duration.ofMinutes(checkpointMinutes), examined, reportSteps);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " cannot be read", e);
    }
  }
}
