package dev.densestream.trainer.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StyleTest {
  private static final int RED = 0xe02020;

  private static Actor drawn(Shape shape, long seed) {
    Style style = Style.varied(shape, seed % 3 == 0, new SplittableRandom(seed));
    return new Actor(
        new Look(shape, Size.LARGE, Texture.PLAIN, 0, style),
        List.of(new Keyframe(0, 0.5, 0.5, 0.3)),
        List.of(new Paint(0, Colour.RED, RED)));
  }

  /** Whatever it is drawn like, labels and facts are about the pixels it is drawn on. */
  @ParameterizedTest
  @EnumSource(Shape.class)
  void coversWhatItIsDrawnOn(Shape shape) {
    Set<Integer> areas = new HashSet<>();
    for (long seed = 0; seed < 40; seed++) {
      Actor actor = drawn(shape, seed);
      Pixels pixels = Pixels.of(Stills.scene(1, actor), 0, 96, 96);
      Footprint footprint = new Footprint(actor, 0);
      int drawn = 0;
      int agreed = 0;
      for (int i = 0; i < 96 * 96; i++) {
        double x = (i % 96 + 0.5) / 96;
        double y = (Math.floorDiv(i, 96) + 0.5) / 96;
        boolean own = Tones.distance(pixels.at(i % 96, i / 96), Stills.GREY) > 60;
        drawn += own ? 1 : 0;
        agreed += own == footprint.covers(x, y) ? 1 : 0;
      }
      areas.add(drawn);
      assertThat(drawn).as("%s %d", shape, seed).isBetween(250, 2700);
      assertThat(agreed).as("%s %d", shape, seed).isGreaterThan(96 * 96 * 95 / 100);
    }
    assertThat(areas).as("drawn in several ways").hasSizeGreaterThan(5);
  }

  /** Its own colour is most of what is seen of it. */
  @ParameterizedTest
  @EnumSource(Shape.class)
  void isMostlyInItsOwnColour(Shape shape) {
    for (long seed = 0; seed < 40; seed++) {
      Pixels pixels = Pixels.of(Stills.scene(1, drawn(shape, seed)), 0, 96, 96);
      int own = pixels.near(RED, 70).pixels();
      int behind = pixels.near(Stills.GREY, 60).pixels();
      assertThat(own).as("%s %d", shape, seed).isGreaterThan((96 * 96 - behind) * 4 / 10);
    }
  }

  @Test
  void whatHappensDoesNotDependOnIt() {
    Scene scene = World.objects(Split.TRAIN, 8, 3);
    List<Actor> plain =
        scene.actors().stream()
            .map(
                actor -> {
                  Look look = actor.look();
                  return new Actor(
                      new Look(look.shape(), look.size(), look.texture(), look.tilt()),
                      actor.path(),
                      actor.paints());
                })
            .toList();
    Scene usual =
        new Scene(
            scene.seed(), scene.seconds(), scene.aspect(), scene.setting(), plain, scene.events());
    assertThat(HeldOut.in(usual)).isEqualTo(HeldOut.in(scene));
    assertThat(usual.actors()).isNotEqualTo(scene.actors());
  }
}
