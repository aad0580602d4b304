package dev.densestream.answerservice.command;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;

/**
 * Runs a command and ends the process by its exit status. A command that is told to stop (SIGTERM,
 * SIGINT) ends at once: an ordinary exit would take the tensor engine's libraries apart while a
 * thread still computes in them, and end in a crash report every now and then.
 */
public final class CommandExit {
  /** What a shell shows of a process that SIGTERM ended. */
  private static final int TOLD_TO_STOP = 128 + 15;

  private CommandExit() {}

  /** Does not return. */
  public static void after(IntSupplier command) {
    AtomicBoolean over = new AtomicBoolean();
    Thread stop =
        new Thread(
            () -> {
              if (!over.get()) {
                Runtime.getRuntime().halt(TOLD_TO_STOP);
              }
            },
            "stop");
    Runtime.getRuntime().addShutdownHook(stop);
    int status = command.getAsInt();
    over.set(true);
    System.exit(status);
  }
}
