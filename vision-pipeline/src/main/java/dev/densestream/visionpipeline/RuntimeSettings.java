package dev.densestream.visionpipeline;

import static java.util.Objects.requireNonNull;

/**
 * How the native engine runs.
 *
 * @param threads one operator may use, at least 1. The engine is one per process: the runtime
 *     opened last decides
 * @param device {@code cpu}, or {@code gpu0} and so on where the engine's natives have it
 */
public record RuntimeSettings(int threads, String device) {
  /** The device that every machine has. */
  public static final String CPU = "cpu";

  public RuntimeSettings {
    requireNonNull(device, "device is null");
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1: was " + threads);
    }
  }

  /** All processors, no accelerator. */
  public static RuntimeSettings defaults() {
    return on(CPU);
  }

  /** All processors, and this device. */
  public static RuntimeSettings on(String device) {
    return new RuntimeSettings(Runtime.getRuntime().availableProcessors(), device);
  }
}
