package dev.densestream.answerservice.command;

/**
 * Commands speak for themselves: libraries' logging is reduced to warnings, on standard error. Must
 * run before the first logger is made.
 */
final class QuietLogging {
  private static final String CONFIGURATION = "dev/densestream/answerservice/command/logback.xml";

  private QuietLogging() {}

  static void unlessServing(String command) {
    if (!command.equals(ServeCommand.NAME)
        && System.getProperty("logback.configurationFile") == null) {
      System.setProperty("logback.configurationFile", CONFIGURATION);
    }
  }
}
