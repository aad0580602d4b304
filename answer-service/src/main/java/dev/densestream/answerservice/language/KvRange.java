package dev.densestream.answerservice.language;

/**
 * Neighbouring places of a {@link KvPool}, for the keys and values of as many rows.
 *
 * @param first place; 0 only where there are none, since no row is kept at place 0
 */
public record KvRange(int first, int length) {
  /** No places. */
  public static final KvRange NONE = new KvRange(0, 0);

  public KvRange {
    if (length < 0 || first < 0 || (length > 0 && first == 0)) {
      throw new IllegalArgumentException(
          "places must be above 0 and not negative in number: was " + first + " and " + length);
    }
  }

  int end() {
    return first + length;
  }
}
