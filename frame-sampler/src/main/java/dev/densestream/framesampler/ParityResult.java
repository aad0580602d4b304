package dev.densestream.framesampler;

import static java.util.Objects.requireNonNull;

/**
 * One comparison with a reference fixture.
 *
 * @param kind the fixture's folder kind, such as {@code frames} or {@code connector}
 * @param name which case of it
 * @param largestError largest absolute difference; 0 for an exact match, positive infinity for a
 *     wrong shape, id or text
 * @param tolerance largest error allowed
 */
public record ParityResult(
    String kind, String name, double largestError, double tolerance, String detail) {
  public ParityResult {
    requireNonNull(kind, "kind is null");
    requireNonNull(name, "name is null");
    requireNonNull(detail, "detail is null");
  }

  public boolean passed() {
    return largestError <= tolerance;
  }

  /** For ids, strings and indices: equal or not. */
  public static ParityResult exact(String kind, String name, boolean equal, String detail) {
    return new ParityResult(
        kind, name, equal ? 0 : Double.POSITIVE_INFINITY, 0, equal ? "" : detail);
  }
}
