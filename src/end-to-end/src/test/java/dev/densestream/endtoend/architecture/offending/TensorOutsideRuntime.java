package dev.densestream.endtoend.architecture.offending;

import ai.djl.ndarray.types.Shape;

/** Touches DJL outside the runtime. */
public final class TensorOutsideRuntime {
  final Shape shape = new Shape(1);
}
