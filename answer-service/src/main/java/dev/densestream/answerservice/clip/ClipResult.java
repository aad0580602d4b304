package dev.densestream.answerservice.clip;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.AnswerModel;
import dev.densestream.framesampler.FrameCounts;
import java.util.List;
import java.util.Optional;

/**
 * What was found out about one clip.
 *
 * @param question empty when captions were asked for
 * @param texts one per window with frames, in order; for a question the one answer, over the whole
 *     clip
 */
public record ClipResult(
    Model model, Extent extent, Optional<String> question, List<TimedText> texts) {
  public ClipResult {
    requireNonNull(model, "model is null");
    requireNonNull(extent, "extent is null");
    requireNonNull(question, "question is null");
    texts = List.copyOf(texts);
  }

  /**
   * Which model spoke.
   *
   * @param notice what people must be told about it; empty for none
   */
  public record Model(String name, String notice) {
    public Model {
      requireNonNull(name, "name is null");
      requireNonNull(notice, "notice is null");
    }

    static Model of(AnswerModel model) {
      return new Model(model.name(), model.notice());
    }
  }

  /**
   * What was decoded.
   *
   * @param damaged true when part of the media could not be decoded
   */
  public record Extent(long durationMicros, FrameCounts frames, boolean damaged) {
    public Extent {
      requireNonNull(frames, "frames is null");
    }
  }
}
