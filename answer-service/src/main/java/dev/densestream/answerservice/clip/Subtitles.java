package dev.densestream.answerservice.clip;

import java.util.Locale;
import java.util.stream.Collectors;

/**
 * WebVTT and SubRip. A model's text is untrusted: in neither format may it end its cue, start
 * another, or become markup.
 */
final class Subtitles {
  private Subtitles() {}

  /**
   * WebVTT: cue text ends at a blank line and must not contain {@code -->}; {@code &}, {@code <}
   * and {@code >} are written as character references, which takes care of both.
   */
  static String webVtt(ClipResult result) {
    StringBuilder out = new StringBuilder("WEBVTT\n\n");
    String notice = result.model().notice();
    if (!notice.isEmpty()) {
      out.append("NOTE\n").append(lines(notice).replace("-->", "->")).append("\n\n");
    }
    for (TimedText text : result.texts()) {
      out.append(time(text.range().startMicros(), '.'))
          .append(" --> ")
          .append(time(endMicros(text), '.'))
          .append('\n')
          .append(escaped(lines(text.text())))
          .append("\n\n");
    }
    return out.toString();
  }

  /**
   * SubRip has no escapes: a blank line ends a cue, players take {@code <i>} and {@code {\an8}} for
   * markup. Signs that would be taken so are replaced by their look-alikes; an arrow is broken up.
   */
  static String subRip(ClipResult result) {
    StringBuilder out = new StringBuilder();
    int number = 1;
    for (TimedText text : result.texts()) {
      out.append(number++)
          .append("\r\n")
          .append(time(text.range().startMicros(), ','))
          .append(" --> ")
          .append(time(endMicros(text), ','))
          .append("\r\n")
          .append(withoutMarkup(lines(text.text())).replace("\n", "\r\n"))
          .append("\r\n\r\n");
    }
    return out.toString();
  }

  /** A cue must last: an answer about one frame still gets a millisecond. */
  private static long endMicros(TimedText text) {
    return Math.max(text.range().endMicros(), text.range().startMicros() + 1000);
  }

  /** {@code hh:mm:ss.mmm}; hours grow beyond two digits. */
  private static String time(long micros, char decimal) {
    long millis = micros / 1000;
    return String.format(
        Locale.ROOT,
        "%02d:%02d:%02d%c%03d",
        millis / 3_600_000,
        millis / 60_000 % 60,
        millis / 1000 % 60,
        decimal,
        millis % 1000);
  }

  /** Every line break alike, no blank lines, no control characters; never empty. */
  private static String lines(String text) {
    String joined =
        text.lines()
            .map(line -> line.replaceAll("\\p{Cntrl}", " ").replaceAll("[\\u2028\\u2029]", " "))
            .filter(line -> !line.isBlank())
            .collect(Collectors.joining("\n"));
    return joined.isEmpty() ? "-" : joined;
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String withoutMarkup(String text) {
    return text.replace("-->", "->")
        .replace('<', '‹')
        .replace('>', '›')
        .replace('{', '(')
        .replace('}', ')');
  }
}
