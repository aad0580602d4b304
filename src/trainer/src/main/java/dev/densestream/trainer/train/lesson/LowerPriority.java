package dev.densestream.trainer.train.lesson;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a thread compute when others of its process do not. Java's own priorities do nothing on
 * Linux, where nice(2) is about the thread that calls it alone; elsewhere it is about all of a
 * process, and is not called.
 */
final class LowerPriority {
  /** A weight of 110 where the others' is 1024 (sched(7), the kernel's table of weights). */
  private static final int STEPS = 10;

  private static final Logger log = LoggerFactory.getLogger(LowerPriority.class);

  private LowerPriority() {}

  /** For the thread that calls it, until its end. */
  @SuppressWarnings("restricted") // the manifest and the launchers enable native access
  static void take() {
    if (!System.getProperty("os.name", "").startsWith("Linux")) {
      return;
    }
    Linker linker = Linker.nativeLinker();
    try {
      MemorySegment function = linker.defaultLookup().findOrThrow("nice");
      MethodHandle nice =
          linker.downcallHandle(function, FunctionDescriptor.of(JAVA_INT, JAVA_INT));
      log.debug("priority is {} now", (int) nice.invokeExact(STEPS));
    } catch (Throwable e) { // what a method handle declares; it is only slower without
      log.warn("the system could not be told of a lower priority: {}", e.toString());
    }
  }
}
