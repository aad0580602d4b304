package dev.densestream.framesampler;

import java.util.Locale;

/** Why a frame that was seen never reached the encoder and was not merely gated by its policy. */
public enum DropReason {
  /** Its data was damaged. */
  CORRUPT,
  /** A limit on frames, pixels or time ended decoding before it. */
  LIMIT,
  /** Its segment was given up: decoder crash, hang or refusal. */
  DECODER,
  /** The stream is in {@code latest} mode and its window was skipped. */
  LAGGING,
  /** The window was already terminal when the frame arrived. */
  LATE;

  /** Such as {@code lagging}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
