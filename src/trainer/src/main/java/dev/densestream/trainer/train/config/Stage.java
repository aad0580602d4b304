package dev.densestream.trainer.train.config;

import static java.util.Objects.requireNonNull;

import dev.densestream.trainer.language.QuestionType;
import java.util.Map;
import java.util.Set;

/**
 * Steps with the same things learnt in the same way.
 *
 * @param windows in one step
 * @param framesFrom least frames of a window
 * @param framesTo most frames of a window
 * @param questions most questions about one window
 * @param further most further questions about it, of each type
 * @param exercises that need no picture, behind each window's questions ({@link
 *     dev.densestream.trainer.language.Exercise})
 * @param crowded share of the windows, 0 to 1, that show a still crowd of objects, about which
 *     nothing is asked
 * @param coded share of the windows, 0 to 1, whose frames go through an encoder and the decoder
 * @param rate largest learning rate
 * @param warmUp steps in which the rate grows to it; it then falls along a cosine
 * @param rateEnd share of the rate that is left at the end
 * @param towerRate share of the rate, 0 to 1, at which the tower learns where it does
 * @param bfloat16 whether the language model's products, and those of what moves matrices, are made
 *     in half precision
 */
public record Stage(
    String name,
    int steps,
    int windows,
    int framesFrom,
    int framesTo,
    int questions,
    Map<QuestionType, Integer> further,
    int exercises,
    double crowded,
    double coded,
    double rate,
    int warmUp,
    double rateEnd,
    double towerRate,
    boolean bfloat16,
    Set<Part> learns,
    Shares shares) {
  /** What can be learnt or held fixed. */
  public enum Part {
    TOWER,
    PROJECTOR,
    LANGUAGE,
    /** The layers that tell labels, of use in training alone. */
    HEADS
  }

  public Stage {
    requireNonNull(name, "a stage has no name");
    requireNonNull(shares, "a stage has no shares");
    learns = Set.copyOf(learns);
    further = Map.copyOf(requireNonNull(further, "stage " + name + " has no further"));
    requireShare(name, "crowded", crowded);
    requireShare(name, "coded", coded);
    requireShare(name, "towerRate", towerRate);
    boolean positive = steps > 0 && windows > 0 && questions > 0 && rate > 0;
    boolean nothingNegative =
        warmUp >= 0 && exercises >= 0 && further.values().stream().allMatch(most -> most > 0);
    if (!positive
        || !nothingNegative
        || learns.isEmpty()
        || framesFrom < 1
        || framesTo < framesFrom) {
      throw new IllegalArgumentException(
          "stage "
              + name
              + ": steps, windows, frames, questions, further, exercises, rate and what it learns must be given");
    }
  }

  private static void requireShare(String stage, String key, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(
          "stage " + stage + ": " + key + " must be in [0, 1]: was " + value);
    }
  }

  /**
   * Learning rate of a step.
   *
   * @param step from 0
   */
  public double rateAt(int step) {
    if (step < warmUp) {
      return rate * (step + 1) / warmUp;
    }
    double share = (step - warmUp) / (double) Math.max(1, steps - warmUp);
    double cosine = (1 + Math.cos(Math.PI * Math.min(1, share))) / 2;
    return rate * (rateEnd + (1 - rateEnd) * cosine);
  }
}
