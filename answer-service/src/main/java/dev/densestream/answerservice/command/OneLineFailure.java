package dev.densestream.answerservice.command;

import dev.densestream.ingest.MediaRefusedException;
import dev.densestream.visionpipeline.DeviceMissingException;
import dev.densestream.visionpipeline.MemoryExhaustedException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Says what went wrong in one line, and exits with 1. A stack trace only if asked for. */
final class OneLineFailure implements IExecutionExceptionHandler {
  /** System property: {@code -Ddensestream.trace=true} shows stack traces. */
  private static final String TRACE = "densestream.trace";

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    command.getErr().println("densestream: " + said(failure));
    if (Boolean.getBoolean(TRACE)) {
      failure.printStackTrace(command.getErr());
    }
    command.getErr().flush();
    return command.getCommandSpec().exitCodeOnExecutionException();
  }

  private static String said(Exception failure) {
    return switch (failure) {
      case CommandFailedException known -> String.valueOf(known.getMessage());
      case DeviceMissingException missing -> "device_not_available: " + missing.getMessage() + ".";
      case MemoryExhaustedException _ ->
          "out_of_memory: choose a smaller shape, --precision or number of sequences, or a machine"
              + " with more memory.";
      case MediaRefusedException refused -> refused.code() + ": " + refused.getMessage();
      default ->
          Causes.ofModel(failure).map(OneLineFailure::ofModel).orElseGet(() -> unknown(failure));
    };
  }

  private static String ofModel(Throwable refused) {
    return "model_not_usable: " + refused.getMessage();
  }

  private static String unknown(Exception failure) {
    return "internal_error: "
        + Causes.said(failure)
        + " (-D"
        + TRACE
        + "=true in JAVA_OPTS shows where)";
  }
}
