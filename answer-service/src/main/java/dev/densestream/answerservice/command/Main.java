package dev.densestream.answerservice.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * Entry point of the jar. Without a command it serves, so that {@code java -jar} does something.
 */
@Command(
    name = "densestream",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = "Answers questions about video: live streams and recorded clips.",
    footer = {
      "",
      "From a checkout, src/bin/densestream has these too: world, reel, check, train, ablation."
    },
    subcommands = {
      ServeCommand.class,
      AskCommand.class,
      CaptionCommand.class,
      ParityCommand.class,
      EvaluateCommand.class,
      BenchCommand.class
    })
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    QuickCompiler.prefer();
    if (!named(args)) {
      ServeCommand.start(args);
      return;
    }
    QuietLogging.unlessServing(args[0]);
    if (args[0].equals("serve")) {
      serve(args);
    } else {
      CommandExit.after(() -> commandLine().execute(args));
    }
  }

  /** Its application ends the process, and settles what is under way before. */
  private static void serve(String[] args) {
    int status = commandLine().execute(args);
    if (status != ServeCommand.RUNNING) {
      System.exit(status);
    }
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(new OneLineFailure());
  }

  /** Whether the first argument is a command; else all are settings of the application. */
  private static boolean named(String[] args) {
    return args.length > 0 && !args[0].startsWith("--densestream.") && !args[0].contains("=");
  }
}
