package dev.densestream.visionpipeline;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test a tensor runtime of its own as a parameter, and fails the test if it leaves a
 * native handle open.
 */
public final class NativeHandles
    implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
  private @Nullable TensorRuntime runtime;

  @Override
  public void beforeEach(ExtensionContext context) {
    runtime = TensorRuntime.open(new RuntimeSettings(2, "cpu"));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    try (TensorRuntime used = requireNonNull(runtime)) {
      verifyClosed(used);
    }
  }

  /**
   * @throws AssertionError if a handle is open
   */
  static void verifyClosed(TensorRuntime runtime) {
    if (runtime.liveHandles() != 0) {
      throw new AssertionError(runtime.liveHandles() + " native handles were left open");
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TensorRuntime.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return requireNonNull(runtime);
  }
}
