package dev.densestream.trainer.reel;

import static java.util.Objects.requireNonNull;

import dev.densestream.trainer.world.Split;
import java.util.List;

/**
 * What scenes to look for.
 *
 * @param scenes how many
 * @param seconds each lasts
 * @param aspect width by height, one of those that scenes have: 1, 4/3, 16/9, 3/4
 * @param frames that a viewer looks at, in the middles of equal parts of a scene
 * @param questions every scene has one right answer to each of them
 * @param events that a viewer sees happen in every scene at least
 */
public record ReelPlan(
    Split split,
    long seed,
    int scenes,
    double seconds,
    double aspect,
    int frames,
    List<String> questions,
    int events) {
  public ReelPlan {
    requireNonNull(split, "split is null");
    questions = List.copyOf(questions);
    if (scenes < 1 || frames < 1 || events < 0) {
      throw new IllegalArgumentException(
          "scenes and frames must be >= 1, events >= 0: were "
              + scenes
              + ", "
              + frames
              + ", "
              + events);
    }
  }
}
