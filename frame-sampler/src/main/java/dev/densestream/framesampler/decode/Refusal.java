package dev.densestream.framesampler.decode;

import dev.densestream.framesampler.MediaRefusal;

/** Ends a task: the media cannot be used, or not further. The message is for a person. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;
  private final MediaRefusal.Code code;

  Refusal(MediaRefusal.Code code, String detail) {
    super(detail, null, false, false);
    this.code = code;
  }

  MediaRefusal.Code code() {
    return code;
  }

  String detail() {
    return String.valueOf(getMessage());
  }
}
