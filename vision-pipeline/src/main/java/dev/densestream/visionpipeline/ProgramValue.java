package dev.densestream.visionpipeline;

/**
 * What a program keeps between calls and Java only hands back to it, such as weights packed in a
 * layout of the engine's own. The owner closes it.
 */
public interface ProgramValue extends AutoCloseable {
  @Override
  void close();
}
