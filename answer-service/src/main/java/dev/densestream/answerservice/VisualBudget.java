package dev.densestream.answerservice;

import static java.util.Objects.requireNonNull;

import dev.densestream.ingest.MediaRefusedException;
import dev.densestream.visionpipeline.FrameView;

/**
 * What a picture, a video or a window may cost in visual tokens. A picture is seen in fewer tiles
 * where the model has tiles, a video in fewer frames.
 *
 * @param setting names it in complaints, such as {@code maxVisualTokens}
 * @param most visual tokens; {@link #UNBOUNDED} for no bound
 * @param perFrame visual tokens of one frame of a video
 * @param leastStill visual tokens of a still image in the least detail
 */
public record VisualBudget(String setting, int most, int perFrame, int leastStill) {
  /** Where nobody set a bound. */
  public static final int UNBOUNDED = Integer.MAX_VALUE;

  public VisualBudget {
    requireNonNull(setting, "setting is null");
    if (most < 0 || perFrame < 1 || leastStill < 1) {
      throw new IllegalArgumentException(
          "perFrame and leastStill must be >= 1, most >= 0: was "
              + perFrame
              + ", "
              + leastStill
              + ", "
              + most);
    }
  }

  public static VisualBudget of(String setting, int most, AnswerModel model) {
    return new VisualBudget(
        setting, most, model.encoder().tokensPerFrame(), model.encoder().leastStillTokens());
  }

  /**
   * How a still image is to be looked at.
   *
   * @throws MediaRefusedException {@code visual_tokens_too_few}
   */
  public FrameView still() {
    require(leastStill, "a still image");
    return FrameView.still(most);
  }

  /**
   * How many frames of a video are seen; one by itself is a still image, see {@link #still}.
   *
   * @param wanted if the budget allows them
   * @throws MediaRefusedException {@code visual_tokens_too_few}
   */
  public int frames(int wanted) {
    int frames = wanted == 1 ? 1 : framesInARow(wanted);
    if (frames == 1) {
      require(leastStill, "a frame by itself");
    }
    return frames;
  }

  /**
   * How many frames are seen of a stretch whose frames are part of a video however few they are.
   *
   * @param wanted if the budget allows them
   * @throws MediaRefusedException {@code visual_tokens_too_few}
   */
  public int framesInARow(int wanted) {
    require(perFrame, "a frame of a video");
    return Math.min(wanted, most / perFrame);
  }

  private void require(int least, String what) {
    if (most < least) {
      throw new MediaRefusedException(
          "visual_tokens_too_few",
          setting
              + " allows "
              + most
              + "; the model needs at least "
              + least
              + " for "
              + what
              + ".");
    }
  }
}
