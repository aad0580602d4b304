package dev.densestream.answerservice.command;

import picocli.CommandLine.IVersionProvider;

/** The version the jar was built as. */
final class ProgramVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String built = Main.class.getPackage().getImplementationVersion();
    return new String[] {
      "densestream " + (built == null ? "(not packaged)" : built),
      "Java " + Runtime.version() + ", " + System.getProperty("os.name"),
    };
  }
}
