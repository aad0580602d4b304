package dev.densestream.trainer.command;

import dev.densestream.answerservice.command.CommandExit;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of the commands that make scenes, and models from them. */
@Command(
    name = "densestream",
    mixinStandardHelpOptions = true,
    description = "Makes scenes of a synthetic world, and models trained on it.",
    subcommands = {
      WorldCommand.class,
      ReelCommand.class,
      CheckCommand.class,
      TrainCommand.class,
      AblationCommand.class
    })
public final class TrainerMain {
  private TrainerMain() {}

  public static void main(String[] args) {
    CommandExit.after(() -> commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new TrainerMain())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(new OneLineRefusal());
  }
}
