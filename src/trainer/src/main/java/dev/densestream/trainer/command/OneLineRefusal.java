package dev.densestream.trainer.command;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Says what went wrong in one line, and exits with 1. A stack trace only if asked for. */
final class OneLineRefusal implements IExecutionExceptionHandler {
  /** System property: {@code -Ddensestream.trace=true} shows stack traces. */
  private static final String TRACE = "densestream.trace";

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    String said =
        failure instanceof RefusedException
            ? String.valueOf(failure.getMessage())
            : "internal_error: " + failure;
    command.getErr().println("densestream: " + said);
    if (Boolean.getBoolean(TRACE)) {
      failure.printStackTrace(command.getErr());
    }
    command.getErr().flush();
    return command.getCommandSpec().exitCodeOnExecutionException();
  }
}
