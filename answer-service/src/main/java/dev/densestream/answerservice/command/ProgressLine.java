package dev.densestream.answerservice.command;

import dev.densestream.answerservice.clip.ClipEvent;
import java.io.PrintWriter;
import java.util.Locale;

/** One line on standard error that is written over, where that is a terminal; else nothing. */
final class ProgressLine {
  private static final String TERMINAL = "densestream.terminal";
  private static final String ERASE = "\r\u001b[K";

  private final PrintWriter err;
  private final boolean terminal;

  ProgressLine(PrintWriter err) {
    this.err = err;
    // Only the launcher knows: Java tells about standard input and output alone.
    this.terminal = Boolean.getBoolean(TERMINAL);
  }

  void show(ClipEvent.Progress progress) {
    show(
        String.format(
            Locale.ROOT,
            "%3.0f %%, %d frames, at %.1f s",
            progress.fraction() * 100,
            progress.framesSampled(),
            progress.ptsMicros() / 1e6));
  }

  void show(String text) {
    if (terminal) {
      err.print(ERASE + text);
      err.flush();
    }
  }

  void clear() {
    show("");
  }
}
