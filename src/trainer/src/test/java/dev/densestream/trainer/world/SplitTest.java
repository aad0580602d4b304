package dev.densestream.trainer.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What is tested on was not learnt from: neither the scenes nor the combinations in them. */
class SplitTest {
  private static final int SCENES = 400;

  @Test
  void scenesOfDifferentSplitsNeverMeet() {
    for (Split split : Split.values()) {
      for (Split other : Split.values()) {
        Set<Long> seeds = seeds(split, 1);
        seeds.retainAll(seeds(other, 1));
        // The control: the same split meets itself in every scene.
        assertThat(seeds).hasSize(split == other ? SCENES : 0);
      }
    }
  }

  @Test
  void everySeedTellsItsSplit_whateverItWasMadeFrom() {
    for (Split split : Split.values()) {
      for (long seed : new long[] {0, 1, -1, Long.MIN_VALUE, 123456789}) {
        assertThat(World.split(World.scene(split, seed, 7))).isEqualTo(split);
      }
    }
  }

  @Test
  void heldOutCombinationsOccurInTestScenesAlone() {
    assertThat(heldOut(Split.TRAIN)).isEmpty();
    assertThat(heldOut(Split.VALIDATION)).isEmpty();
    // The control: the same count finds them where they are.
    assertThat(heldOut(Split.TEST)).hasSizeGreaterThan(30);
    for (Scene scene : scenes(Split.TEST, 1)) {
      assertThat(HeldOut.in(scene)).isNotEmpty();
    }
  }

  /** Still crowds too, most of what the vision tower learns from. */
  @Test
  void heldOutCombinationsOccurInCrowdsOfTestScenesAlone() {
    for (long i = 0; i < SCENES; i++) {
      assertThat(HeldOut.in(World.crowd(Split.TRAIN, 1, i))).isEmpty();
      assertThat(HeldOut.in(World.crowd(Split.VALIDATION, 1, i))).isEmpty();
      // The control: the same look finds them where they are.
      assertThat(HeldOut.in(World.crowd(Split.TEST, 1, i))).isNotEmpty();
    }
  }

  @Test
  void everyPairOfProperties_canBeLearntFrom() {
    Set<List<Object>> pairs = new HashSet<>();
    for (long seed = 0; seed < 5; seed++) {
      for (Scene scene : scenes(Split.TRAIN, seed)) {
        for (int i = 0; i < scene.actors().size(); i++) {
          Actor actor = scene.actors().get(i);
          Colour colour = actor.paint(0).colour();
          pairs.add(List.of(actor.shape(), colour));
          for (Motion motion : HeldOut.motions(scene, i)) {
            pairs.add(List.of(actor.shape(), motion));
            pairs.add(List.of(colour, motion));
          }
        }
      }
    }
    Set<List<Object>> missing = new LinkedHashSet<>();
    for (Motion motion : Motion.values()) {
      for (Shape shape : Shape.values()) {
        missing.add(List.of(shape, motion));
        for (Colour colour : Colour.values()) {
          missing.add(List.of(shape, colour));
          missing.add(List.of(colour, motion));
        }
      }
    }
    missing.removeAll(pairs);
    assertThat(missing).isEmpty();
  }

  @Test
  void equalArgumentsGiveEqualScenes() {
    assertThat(World.scene(Split.TEST, 5, 3)).isEqualTo(World.scene(Split.TEST, 5, 3));
    assertThat(World.scene(Split.TEST, 5, 3)).isNotEqualTo(World.scene(Split.TEST, 5, 4));
    assertThat(World.scene(Split.TEST, 5, 3)).isNotEqualTo(World.scene(Split.TEST, 6, 3));
  }

  private static Set<HeldOut> heldOut(Split split) {
    Set<HeldOut> found = new LinkedHashSet<>();
    scenes(split, 1).forEach(scene -> found.addAll(HeldOut.in(scene)));
    return found;
  }

  private static Set<Long> seeds(Split split, long seed) {
    Set<Long> seeds = new HashSet<>();
    for (long i = 0; i < SCENES; i++) {
      seeds.add(Seeds.of(split, seed, i));
    }
    return seeds;
  }

  private static List<Scene> scenes(Split split, long seed) {
    return LongStream.range(0, SCENES).mapToObj(i -> World.objects(split, seed, i)).toList();
  }
}
