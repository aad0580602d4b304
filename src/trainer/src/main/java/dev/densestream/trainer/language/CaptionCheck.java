package dev.densestream.trainer.language;

import dev.densestream.trainer.world.Facts;
import java.util.ArrayList;
import java.util.List;

/** Whether captions are true. */
public final class CaptionCheck {
  private CaptionCheck() {}

  /**
   * What became of one sentence of a caption.
   *
   * @param readable whether it states a fact of the world at all
   * @param holds whether that fact is true of the scene, in the time of the frames
   */
  public record Verdict(String sentence, boolean readable, boolean holds) {}

  /** Reads each sentence back and compares it with the scene, not with the caption expected. */
  public static List<Verdict> check(String caption, Facts facts) {
    List<Verdict> verdicts = new ArrayList<>();
    for (String part : caption.strip().split("(?<=\\.)\\s+", -1)) {
      verdicts.add(
          Claim.read(part)
              .map(claim -> new Verdict(part, true, Truth.of(claim, facts)))
              .orElseGet(() -> new Verdict(part, false, false)));
    }
    return List.copyOf(verdicts);
  }
}
