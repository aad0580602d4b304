package dev.densestream.trainer.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.trainer.world.Action;
import dev.densestream.trainer.world.Colour;
import dev.densestream.trainer.world.Direction;
import dev.densestream.trainer.world.Event;
import dev.densestream.trainer.world.Facts;
import dev.densestream.trainer.world.Scene;
import dev.densestream.trainer.world.Shape;
import dev.densestream.trainer.world.Split;
import dev.densestream.trainer.world.Stills;
import dev.densestream.trainer.world.World;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What happens is told with the time at which it begins. */
class CaptionsTest {
  private static final int FRAMES = 16;
  private static final Scene SCENE =
      Stills.scene(
          1,
          List.of(new Event(0, 0.7504, 3.9, new Action.Moves(Direction.LEFT))),
          Stills.moving(Shape.CIRCLE, Colour.RED, 0xe02020, 0.8, 0.3, 0.2, 0.3),
          Stills.still(Shape.SQUARE, Colour.BLUE, 0x2040e0, 0.5, 0.75));
  private static final Facts FACTS = Facts.of(SCENE, 0.5, 1.5, 2.5, 3.5);

  @Test
  void tellsWhenSomethingHappens_andNothingOfWhatOnlyIsThere() {
    assertThat(Captions.of(FACTS)).contains("A red circle moves left. A blue square stays still.");
    assertThat(Captions.events(FACTS, 0))
        .containsExactly(new Captions.Timed(0.75, "A red circle moves left."));
    assertThat(Captions.events(FACTS, 16))
        .containsExactly(new Captions.Timed(16.75, "A red circle moves left."));
    Scene foreign = World.foreign(Split.TEST, 1, 1);
    assertThat(Captions.events(Facts.of(foreign, foreign.middles(8)), 0)).isEmpty();
  }

  /** By {@link CaptionCheck}, which looks at the scene and not at what was expected. */
  @Test
  void isTrueOfTheTimeAfter_andSeldomOfTheTimeBefore() {
    int all = 0;
    int already = 0;
    for (int i = 0; i < 200; i++) {
      Scene scene = World.objects(Split.TEST, 3, i);
      for (Captions.Timed event : Captions.events(Facts.of(scene, scene.middles(8)), 0)) {
        double begins = event.seconds() - 0.001; // times are told to the millisecond
        assertThat(holds(event, scene, begins, scene.seconds()))
            .as("%s of scene %d", event, i)
            .isTrue();
        all++;
        already += holds(event, scene, 0, begins) ? 1 : 0;
      }
    }
    assertThat(all).isGreaterThan(300);
    // Not none: what was said may have happened before, to another of its kind or to itself.
    assertThat(already / (double) all).isLessThan(0.1);
  }

  /** Of frames between two times. */
  private static boolean holds(Captions.Timed event, Scene scene, double from, double to) {
    double[] times =
        IntStream.range(0, FRAMES).mapToDouble(i -> from + i * (to - from) / FRAMES).toArray();
    return CaptionCheck.check(event.text(), Facts.of(scene, times)).getFirst().holds();
  }
}
