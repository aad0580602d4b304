package dev.densestream.endtoend.architecture.offending;

import org.bytedeco.javacpp.Loader;

/** Touches FFmpeg's bindings outside the decoder. */
public final class FfmpegOutsideDecode {
  String platform() {
    return Loader.getPlatform();
  }
}
