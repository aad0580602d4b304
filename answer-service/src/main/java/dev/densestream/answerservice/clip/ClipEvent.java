package dev.densestream.answerservice.clip;

import static java.util.Objects.requireNonNull;

/**
 * What working on one clip emits: any number of the first three, then exactly one {@link Finished}
 * or {@link Refused}.
 */
public sealed interface ClipEvent {
  /**
   * A further frame was encoded.
   *
   * @param fraction of the media's duration, 0 to 1; 0 throughout where the duration is unknown
   * @param framesSampled frames encoded so far
   * @param ptsMicros of the last of them
   */
  record Progress(double fraction, long framesSampled, long ptsMicros) implements ClipEvent {
    public Progress {
      if (!(fraction >= 0 && fraction <= 1)) {
        throw new IllegalArgumentException("fraction must be in [0, 1]: was " + fraction);
      }
    }
  }

  /** A further piece of the answer's text; captions come whole. */
  record Token(String text) implements ClipEvent {
    public Token {
      requireNonNull(text, "text is null");
    }
  }

  /** A window's caption; windows come in order. */
  record Captioned(TimedText caption) implements ClipEvent {
    public Captioned {
      requireNonNull(caption, "caption is null");
    }
  }

  /** The clip was given up; captions emitted before stay true. {@code code} is stable. */
  record Refused(String code, String detail) implements ClipEvent {
    public Refused {
      requireNonNull(code, "code is null");
      requireNonNull(detail, "detail is null");
    }
  }

  /** Everything that was asked for. */
  record Finished(ClipResult result) implements ClipEvent {
    public Finished {
      requireNonNull(result, "result is null");
    }
  }
}
