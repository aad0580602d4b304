package dev.densestream.answerservice.command;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a command and ends the process by its exit status. A command that is told to stop (SIGTERM,
 * SIGINT) ends at once: an ordinary exit, and {@link Runtime#halt} too, would take the tensor
 * engine's libraries apart while a thread still computes in them, and end in a crash report every
 * now and then. {@code _exit(2)} leaves all of that to the system.
 */
public final class CommandExit {
  private static final Logger log = LoggerFactory.getLogger(CommandExit.class);

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
                endAtOnce();
              }
            },
            "stop");
    Runtime.getRuntime().addShutdownHook(stop);
    int status = command.getAsInt();
    over.set(true);
    System.exit(status);
  }

  @SuppressWarnings("restricted") // the manifest and the launchers enable native access
  private static void endAtOnce() {
    Linker linker = Linker.nativeLinker();
    try {
      MethodHandle exit =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("_exit"), FunctionDescriptor.ofVoid(JAVA_INT));
      exit.invokeExact(TOLD_TO_STOP);
    } catch (Throwable e) { // what a method handle declares
      log.debug("the system has no _exit: {}", e.toString());
    }
    Runtime.getRuntime().halt(TOLD_TO_STOP);
  }
}
