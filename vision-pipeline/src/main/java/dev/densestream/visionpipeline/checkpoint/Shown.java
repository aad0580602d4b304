package dev.densestream.visionpipeline.checkpoint;

/** Text that comes from a file, as a message may show it: cut, and without control characters. */
final class Shown {
  private static final int LONGEST = 120;

  private Shown() {}

  static String text(String text) {
    String cut = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
    return cut.replaceAll("\\p{Cntrl}", "?");
  }
}
