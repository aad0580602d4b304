package dev.densestream.trainer.reel;

import dev.densestream.trainer.language.Example;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Scenes of equal length about which the same questions can be asked. Equal plans give equal reels.
 *
 * @param scenes in the order in which they were found
 */
public record Reel(List<ReelScene> scenes) {
  private static final long MOST_TRIED = 200_000;

  public Reel {
    scenes = List.copyOf(scenes);
  }

  /**
   * Looks through the world's scenes. No answer to a question is that of more than half of them, so
   * that each question is worth asking.
   *
   * @throws IllegalArgumentException if too few of them fit, and which questions there were
   */
  public static Reel of(ReelPlan plan) {
    List<ReelScene> found = new ArrayList<>();
    Map<String, Integer> given = new HashMap<>();
    for (long index = 0; index < MOST_TRIED && found.size() < plan.scenes(); index++) {
      ReelScene.of(plan, index)
          .filter(scene -> scene.examples().stream().allMatch(e -> rare(e, given, plan)))
          .ifPresent(
              scene -> {
                found.add(scene);
                scene.examples().forEach(example -> given.merge(key(example), 1, Integer::sum));
              });
    }
    if (found.size() < plan.scenes()) {
      throw new IllegalArgumentException(
          "only %d of %d scenes have one answer to each of %s"
              .formatted(found.size(), MOST_TRIED, plan.questions()));
    }
    return new Reel(found);
  }

  private static boolean rare(Example example, Map<String, Integer> given, ReelPlan plan) {
    return given.getOrDefault(key(example), 0) < Math.ceilDiv(plan.scenes(), 2);
  }

  private static String key(Example example) {
    return example.question() + '\n' + example.answer();
  }
}
