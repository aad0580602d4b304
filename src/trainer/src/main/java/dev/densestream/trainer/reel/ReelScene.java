package dev.densestream.trainer.reel;

import static java.util.Objects.requireNonNull;

import dev.densestream.trainer.language.Captions;
import dev.densestream.trainer.language.CertainAnswers;
import dev.densestream.trainer.language.Example;
import dev.densestream.trainer.world.Facts;
import dev.densestream.trainer.world.Scene;
import dev.densestream.trainer.world.Shape;
import dev.densestream.trainer.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A scene of a reel.
 *
 * @param index of the scene, by which the world finds it again
 * @param facts what frames in the middles of equal parts of it tell
 * @param examples the questions asked of every scene, in their order, with this one's answers
 */
public record ReelScene(long index, Scene scene, Facts facts, List<Example> examples) {
  public ReelScene {
    requireNonNull(scene, "scene is null");
    requireNonNull(facts, "facts is null");
    examples = List.copyOf(examples);
  }

  /** The scene of that index; empty when it does not fit the plan. */
  public static Optional<ReelScene> of(ReelPlan plan, long index) {
    Scene scene = World.objects(plan.split(), plan.seed(), index, plan.seconds());
    if (Math.abs(scene.aspect() - plan.aspect()) > 1e-6
        || !plan.questions().stream().allMatch(question -> speaksOfOne(question, scene))) {
      return Optional.empty();
    }
    Facts facts = Facts.of(scene, scene.middles(plan.frames()));
    if (facts.happenings().size() < plan.events() || Captions.of(facts).isEmpty()) {
      return Optional.empty();
    }
    return answers(plan, facts).map(examples -> new ReelScene(index, scene, facts, examples));
  }

  /** Sorts out quickly: {@code the star} can be spoken of where there is one. */
  private static boolean speaksOfOne(String question, Scene scene) {
    for (Shape shape : Shape.values()) {
      if (question.matches(".*\\bthe " + shape.word() + "\\b.*")
          && scene.actors().stream().filter(actor -> actor.shape() == shape).count() != 1) {
        return false;
      }
    }
    return true;
  }

  private static Optional<List<Example>> answers(ReelPlan plan, Facts facts) {
    List<Example> examples = new ArrayList<>();
    for (String question : plan.questions()) {
      Optional<Example> answer = CertainAnswers.of(question, facts);
      if (answer.isEmpty()) {
        return Optional.empty();
      }
      examples.add(answer.orElseThrow());
    }
    return Optional.of(examples);
  }
}
