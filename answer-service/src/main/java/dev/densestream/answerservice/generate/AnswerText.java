package dev.densestream.answerservice.generate;

import java.util.List;

/**
 * An answer's text as it grows: leading blanks dropped, ended by the first stop text. What may
 * still turn out to be part of a stop text, or trailing blanks, is held back, so that the pieces
 * given out always make up the final text.
 */
final class AnswerText {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private final StringBuilder given = new StringBuilder();
  private boolean stopped;

  AnswerText(List<String> stops) {
    this.stops = stops.stream().filter(stop -> !stop.isEmpty()).toList();
  }

  /** Adds text and gives what is certain now, possibly nothing. */
  String accept(String text) {
    if (stopped) {
      return "";
    }
    held.append(text);
    int stop = firstStop();
    if (stop >= 0) {
      stopped = true;
      held.setLength(stop);
      return give(held.length());
    }
    return give(held.length() - heldForStop());
  }

  /** Gives what was held back, when no more text comes. */
  String finish() {
    return give(held.length());
  }

  boolean stopped() {
    return stopped;
  }

  /** All text given out. */
  String text() {
    return given.toString();
  }

  private String give(int end) {
    int start = 0;
    while (given.isEmpty() && start < end && isBlank(held.charAt(start))) {
      start++;
    }
    int last = end;
    while (last > start && isBlank(held.charAt(last - 1))) {
      last--;
    }
    String piece = held.substring(start, last);
    held.delete(0, piece.isEmpty() ? start : last);
    given.append(piece);
    return piece;
  }

  // What Python's strip() removes.
  private static boolean isBlank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }

  private int firstStop() {
    return stops.stream().mapToInt(held::indexOf).filter(at -> at >= 0).min().orElse(-1);
  }

  private int heldForStop() {
    int most = 0;
    for (String stop : stops) {
      for (int length = Math.min(stop.length() - 1, held.length()); length > most; length--) {
        if (stop.startsWith(held.substring(held.length() - length))) {
          most = length;
        }
      }
    }
    return most;
  }
}
