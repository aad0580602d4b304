package dev.densestream.answerservice.chat;

import dev.densestream.answerservice.AnswerModel;
import dev.densestream.ingest.MediaRefusedException;
import dev.densestream.visionpipeline.FrameView;

/**
 * What each picture or video of a request may cost: equal shares of the request's visual tokens. A
 * picture is seen in fewer tiles where the model has tiles, a video in fewer frames.
 *
 * @param share visual tokens of one picture or video
 * @param wanted frames of a video, if the share allows them
 * @param perFrame visual tokens of one frame of a video
 * @param leastStill visual tokens of a still image in the least detail
 */
record VisualBudget(int share, int wanted, int perFrame, int leastStill) {
  static VisualBudget of(ChatRequest request, AnswerModel model) {
    int frames = request.sight().framesPerVideo();
    return new VisualBudget(
        request.sight().mostTokens() / Math.max(1, request.media().size()),
        frames > 0 ? frames : model.framesPerWindow(),
        model.encoder().tokensPerFrame(),
        model.encoder().leastStillTokens());
  }

  FrameView still() {
    require(leastStill, "a picture");
    return FrameView.still(share);
  }

  /** Frames of a video. */
  int frames() {
    if (wanted == 1) {
      require(leastStill, "a frame by itself");
      return 1;
    }
    require(perFrame, "a video");
    int frames = Math.min(wanted, share / perFrame);
    // A single frame is seen as a still image, which may cost more than a frame of a video.
    if (frames == 1) {
      require(leastStill, "a frame by itself");
    }
    return frames;
  }

  private void require(int least, String what) {
    if (share < least) {
      throw new MediaRefusedException(
          "visual_tokens_too_few",
          "max_visual_tokens gives "
              + share
              + " to each picture or video; the model needs at least "
              + least
              + " for "
              + what
              + ".");
    }
  }
}
