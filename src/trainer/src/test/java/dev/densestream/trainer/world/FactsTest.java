package dev.densestream.trainer.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a viewer can tell, compared with the pixels where that can be measured. */
class FactsTest {
  private static final int RED = 0xe02020;
  private static final int BLUE = 0x2040e0;

  @Test
  void doesNotSeeWhatIsHiddenOrOutside() {
    Actor outside = Stills.still(Shape.CIRCLE, Colour.RED, RED, -0.2, 0.5);
    Actor behind = Stills.still(Shape.SQUARE, Colour.RED, RED, 0.5, 0.5);
    Actor front = Stills.still(Shape.CIRCLE, Colour.BLUE, BLUE, 0.5, 0.5);
    Actor half = Stills.still(Shape.SQUARE, Colour.BLUE, BLUE, 0, 0.5);

    Facts facts = Facts.of(Stills.scene(1, outside, behind, front, half), 0, 1);

    assertThat(facts.sighting(0)).isEmpty();
    assertThat(facts.sighting(1)).map(Sighting::seen).contains(false);
    assertThat(facts.sighting(2)).map(Sighting::seen).contains(true);
    assertThat(facts.sighting(3)).map(Sighting::seen).contains(false);
    assertThat(facts.certain()).isFalse();
  }

  @Test
  void visibilityIsTheShareOfPixelsLeft() {
    Actor back = Stills.still(Shape.SQUARE, Colour.RED, RED, 0.5, 0.5);
    Actor front = Stills.still(Shape.CIRCLE, Colour.BLUE, BLUE, 0.56, 0.53);
    int alone = Pixels.of(Stills.scene(1, back), 0, 200, 200).near(RED, 60).pixels();
    int covered = Pixels.of(Stills.scene(1, back, front), 0, 200, 200).near(RED, 60).pixels();

    double visible =
        Facts.of(Stills.scene(1, back, front), 0)
            .sightings()
            .getFirst()
            .moments()
            .getFirst()
            .visible();

    assertThat(visible).isCloseTo((double) covered / alone, within(0.06));
  }

  @Test
  void seesEventsOnlyWithFramesOnBothSides() {
    Actor turning =
        new Actor(
            new Look(Shape.CIRCLE, Size.SMALL, Texture.PLAIN, 0),
            List.of(new Keyframe(0, 0.5, 0.5, 0.1)),
            List.of(new Paint(0, Colour.RED, RED), new Paint(2, Colour.BLUE, BLUE)));
    Scene scene =
        Stills.scene(1, List.of(new Event(0, 2, 2, new Action.Turns(Colour.BLUE))), turning);

    assertThat(Facts.of(scene, 1, 3).happenings()).hasSize(1);
    assertThat(Facts.of(scene, 0, 1, 1.9).happenings()).isEmpty();
    assertThat(Facts.of(scene, 2.1, 3).happenings()).isEmpty();
  }

  @Test
  void directionsOfMadeUpScenes_areThoseOfTheirPixels() {
    int compared = 0;
    for (long i = 0; i < 1000; i++) {
      Scene scene = quiet(World.objects(Split.TEST, 11, i));
      Facts facts = Facts.of(scene, scene.middles(8));
      if (scene.actors().size() == 1 && facts.sightings().size() == 1) {
        Sighting only = facts.sightings().getFirst();
        if (only.direction().isPresent() && only.colours().size() == 1 && only.always()) {
          compared++;
          Direction way = only.direction().orElseThrow();
          Pixels.Spot first = spot(scene, facts.times().getFirst());
          Pixels.Spot last = spot(scene, facts.times().getLast());
          double dx = last.x() - first.x();
          double dy = last.y() - first.y();
          assertThat(dx * way.x() + dy * way.y())
              .as("scene %d moves %s", i, way)
              .isGreaterThan(2 * Math.abs(dx * way.y() + dy * way.x()));
        }
      }
    }
    assertThat(compared).isGreaterThan(5);
  }

  /** All that is not the wall: finds objects of any tone and texture. */
  private static Pixels.Spot spot(Scene scene, double seconds) {
    Pixels pixels = Pixels.of(scene, seconds, 128, 128);
    int count = 0;
    double x = 0;
    double y = 0;
    for (int row = 0; row < 128; row++) {
      for (int column = 0; column < 128; column++) {
        int tone = pixels.at(column, row);
        if (tone != 0 && Tones.distance(tone, Stills.GREY) > 30) {
          count++;
          x += column;
          y += row;
        }
      }
    }
    return new Pixels.Spot(count, x / count, y / count);
  }

  private static Scene quiet(Scene scene) {
    Scene plain = Stills.scene(scene.aspect(), scene.actors().toArray(Actor[]::new));
    return new Scene(
        scene.seed(),
        scene.seconds(),
        scene.aspect(),
        plain.setting(),
        scene.actors(),
        scene.events());
  }
}
