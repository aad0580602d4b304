package dev.densestream.framesampler;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.OptionalInt;

/**
 * Why a media gave no frames, or no more frames.
 *
 * @param detail one sentence for a person; never library text
 * @param exitCode of the decoder process, where it ended
 * @param signal that ended the decoder process, where one did
 */
public record MediaRefusal(Code code, String detail, OptionalInt exitCode, OptionalInt signal) {
  public MediaRefusal {
    requireNonNull(code, "code is null");
    requireNonNull(detail, "detail is null");
    requireNonNull(exitCode, "exitCode is null");
    requireNonNull(signal, "signal is null");
  }

  public static MediaRefusal of(Code code, String detail) {
    return new MediaRefusal(code, detail, OptionalInt.empty(), OptionalInt.empty());
  }

  /** Stable codes, as they appear in problem documents and dead letters in lower case. */
  public enum Code {
    NOT_A_VIDEO,
    UNSUPPORTED_CONTAINER,
    UNSUPPORTED_CODEC,
    UNSUPPORTED_DIMENSIONS,
    NO_VIDEO_STREAM,
    NO_FRAMES,
    TRUNCATED,
    ENCRYPTED,
    TOO_MANY_BYTES,
    TOO_MANY_PIXELS,
    TOO_MANY_FRAMES,
    TOO_MANY_STREAMS,
    DECODER_TIMEOUT,
    DECODER_CRASHED,
    DECODER_OUT_OF_MEMORY,
    /** No decoder process could be started: nothing is known of the media. */
    DECODER_UNAVAILABLE;

    /** Such as {@code not_a_video}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
