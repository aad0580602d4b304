package dev.densestream.ingest;

import static java.util.Objects.requireNonNull;

/** How the capture of one stream stands, as shown to people. */
public sealed interface StreamState {
  /** The source is being fetched or opened; nothing captured yet. */
  record Starting() implements StreamState {}

  /**
   * Segments are being captured.
   *
   * @param keyframeAligned false when the source has no usable keyframe interval, so that its
   *     segments were split as the format allows
   */
  record Running(boolean keyframeAligned) implements StreamState {}

  /**
   * The source failed and will be tried again by itself.
   *
   * @param code stable, such as {@code fetch_failed}
   * @param reason one sentence for a person
   * @param attempt 1 for the first retry
   */
  record Retrying(String code, String reason, int attempt) implements StreamState {
    public Retrying {
      requireNonNull(code, "code is null");
      requireNonNull(reason, "reason is null");
    }
  }

  /** The source was read once to its end, as asked. */
  record Ended() implements StreamState {}

  /** Given up: the source cannot be used, or failed too often. Somebody has to change something. */
  record Refused(String code, String reason) implements StreamState {
    public Refused {
      requireNonNull(code, "code is null");
      requireNonNull(reason, "reason is null");
    }
  }

  /** The state's name in JSON and metrics, such as {@code running}. */
  default String text() {
    return switch (this) {
      case Starting _ -> "starting";
      case Running _ -> "running";
      case Retrying _ -> "retrying";
      case Ended _ -> "ended";
      case Refused _ -> "refused";
    };
  }
}
