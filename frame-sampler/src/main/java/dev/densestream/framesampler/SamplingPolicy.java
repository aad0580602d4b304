package dev.densestream.framesampler;

import static java.util.Objects.requireNonNull;

import dev.densestream.framesampler.policy.PolicyText;
import java.time.Duration;

/** Which frames of a media go on. Frames not taken are gated, with the policy as the reason. */
public sealed interface SamplingPolicy {
  /**
   * Reads {@code uniform:8}, {@code fps:1}, {@code keyframes} or {@code scene:0.05/10s}.
   *
   * @throws IllegalArgumentException with a sentence for a person
   */
  static SamplingPolicy parse(String text) {
    return PolicyText.parse(text);
  }

  /** The form that {@link #parse} reads. */
  default String text() {
    return PolicyText.of(this);
  }

  /**
   * {@code count} frames spread over the whole media: exactly the indices the original code picks
   * (FreeVA).
   */
  record Uniform(int count) implements SamplingPolicy {
    public Uniform {
      if (count < 1) {
        throw new IllegalArgumentException("count must be >= 1: was " + count);
      }
    }
  }

  /** The first frame at or after each multiple of {@code 1/framesPerSecond}. */
  record Fps(double framesPerSecond) implements SamplingPolicy {
    public Fps {
      if (!(framesPerSecond > 0 && framesPerSecond <= 1000)) {
        throw new IllegalArgumentException(
            "framesPerSecond must be in (0, 1000]: was " + framesPerSecond);
      }
    }
  }

  /** Keyframes only; the frames between are not decoded. */
  record Keyframes() implements SamplingPolicy {}

  /**
   * A frame that differs from the last one taken by at least {@code threshold} (mean absolute luma
   * difference on a small grid, 0 to 1), and in any case one per {@code heartbeat}.
   */
  record SceneChange(double threshold, Duration heartbeat) implements SamplingPolicy {
    public SceneChange {
      requireNonNull(heartbeat, "heartbeat is null");
      if (!(threshold > 0 && threshold < 1)) {
        throw new IllegalArgumentException("threshold must be in (0, 1): was " + threshold);
      }
      if (heartbeat.isNegative() || heartbeat.isZero()) {
        throw new IllegalArgumentException("heartbeat must be positive: was " + heartbeat);
      }
    }
  }
}
