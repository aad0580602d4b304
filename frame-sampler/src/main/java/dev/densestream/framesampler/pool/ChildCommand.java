package dev.densestream.framesampler.pool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** How a decoder process is started. */
interface ChildCommand {
  /** Program and arguments; may unpack things on the first call. */
  List<String> arguments() throws IOException, InterruptedException;

  /** Working directory. */
  Path folder();
}
