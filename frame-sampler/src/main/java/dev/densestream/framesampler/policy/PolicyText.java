package dev.densestream.framesampler.policy;

import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.framesampler.SamplingPolicy.Fps;
import dev.densestream.framesampler.SamplingPolicy.Keyframes;
import dev.densestream.framesampler.SamplingPolicy.SceneChange;
import dev.densestream.framesampler.SamplingPolicy.Uniform;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text form of policies, as in settings and on the command line. */
public final class PolicyText {
  private static final Pattern SCENE =
      Pattern.compile("scene:(?<threshold>[0-9.]+)/(?<length>[0-9.]+)(?<unit>ms|s|m)");

  private PolicyText() {}

  public static String of(SamplingPolicy policy) {
    return switch (policy) {
      case Uniform(int count) -> "uniform:" + count;
      case Fps(double rate) -> "fps:" + plain(rate);
      case Keyframes() -> "keyframes";
      case SceneChange(double threshold, Duration heartbeat) ->
          "scene:" + plain(threshold) + "/" + length(heartbeat);
    };
  }

  public static SamplingPolicy parse(String text) {
    try {
      return read(text.strip());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" is not a sampling policy: use uniform:8 (frames in all), fps:1 (frames a"
              + " second), keyframes, or scene:0.05/10s (least change/at least one per)"
              + reason(e),
          e);
    }
  }

  private static String reason(IllegalArgumentException e) {
    return e instanceof NumberFormatException || e.getMessage() == null
        ? ""
        : "; " + e.getMessage();
  }

  private static SamplingPolicy read(String text) {
    if (text.equals("keyframes")) {
      return new Keyframes();
    }
    if (text.startsWith("uniform:")) {
      return new Uniform(Integer.parseInt(text.substring("uniform:".length())));
    }
    if (text.startsWith("fps:")) {
      return new Fps(decimal(text.substring("fps:".length())).doubleValue());
    }
    Matcher scene = SCENE.matcher(text);
    if (!scene.matches()) {
      throw new NumberFormatException();
    }
    return new SceneChange(
        decimal(scene.group("threshold")).doubleValue(),
        duration(decimal(scene.group("length")), scene.group("unit")));
  }

  private static Duration duration(BigDecimal length, String unit) {
    long nanos =
        switch (unit) {
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          default -> 60_000_000_000L;
        };
    BigDecimal total = length.multiply(BigDecimal.valueOf(nanos));
    if (total.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException("heartbeat must be below 292 years: was " + length + unit);
    }
    return Duration.ofNanos(total.longValue());
  }

  private static BigDecimal decimal(String text) {
    // Bounded, because exponents such as 1e999999999 would make plain forms of any length.
    if (text.length() > 20 || text.contains("e") || text.contains("E")) {
      throw new NumberFormatException();
    }
    return new BigDecimal(text);
  }

  private static String plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  private static String length(Duration heartbeat) {
    BigDecimal millis = BigDecimal.valueOf(heartbeat.toNanos(), 6).stripTrailingZeros();
    return heartbeat.toNanos() % 1_000_000_000 == 0
        ? heartbeat.toSeconds() + "s"
        : millis.toPlainString() + "ms";
  }
}
