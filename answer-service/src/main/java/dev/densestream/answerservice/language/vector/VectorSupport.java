package dev.densestream.answerservice.language.vector;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether vectors are what they should be here: the module is resolved, and the optimising compiler
 * makes instructions of them. Without it each vector is an object, a thousand times as slow.
 */
public final class VectorSupport {
  private static final String MODULE = "jdk.incubator.vector";

  /** The level of the optimising compiler. */
  private static final int OPTIMISING = 4;

  private VectorSupport() {}

  public static boolean isThere() {
    return ModuleLayer.boot().findModule(MODULE).isPresent()
        && option("TieredStopAtLevel").map(level -> level >= OPTIMISING).orElse(false);
  }

  private static Optional<Integer> option(String name) {
    @Nullable HotSpotDiagnosticMXBean machine =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    try {
      return Optional.ofNullable(machine)
          .map(of -> Integer.parseInt(of.getVMOption(name).getValue()));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // another virtual machine
    }
  }
}
