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
  /** The vision encoder failed on it. */
  ENCODER,
  /** The stream is in {@code latest} mode and was behind: it was not looked at, or for nothing. */
  LAGGING,
  /** Every window it lies in was already terminal when it arrived. */
  LATE,
  /** Its segment had been received before. */
  DUPLICATE;

  /** Such as {@code lagging}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
