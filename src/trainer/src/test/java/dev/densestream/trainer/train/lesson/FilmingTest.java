package dev.densestream.trainer.train.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.framesampler.Frame;
import dev.densestream.trainer.world.Coverage;
import dev.densestream.trainer.world.Pixels;
import dev.densestream.trainer.world.Scene;
import dev.densestream.trainer.world.Split;
import dev.densestream.trainer.world.World;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilmingTest {
  private static final double[] TIMES = {0.5, 1.5, 2.5, 3.5};

  private static List<Frame> film(Scene scene, double coded, long seed) {
    return new Filming(96, coded).film(scene, TIMES, new Random(seed));
  }

  /** A training goes on as if it had not been ended. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 1})
  void isTheSame_forTheSameSceneAndSeed(double coded) {
    for (long i = 0; i < 12; i++) {
      Scene scene = World.scene(Split.TRAIN, 2, i);
      List<Frame> once = film(scene, coded, i);
      List<Frame> again = film(scene, coded, i);

      assertThat(once).hasSize(TIMES.length);
      for (int frame = 0; frame < TIMES.length; frame++) {
        assertThat(again.get(frame).rgb()).isEqualTo(once.get(frame).rgb());
      }
    }
  }

  @Test
  void filmsInManySizes_andTheShareThatIsAskedForIsCoded() {
    Scene scene = World.objects(Split.TRAIN, 2, 1);
    // What was drawn at once keeps its time; a clip's begin at 0.
    long drawn =
        LongStream.range(0, 60)
            .filter(seed -> film(scene, 0.5, seed).getFirst().ptsMicros() == 500_000)
            .count();

    assertThat(drawn).isBetween(18L, 42L);
    assertThat(film(scene, 1, 1).getFirst().width())
        .isNotEqualTo(film(scene, 1, 2).getFirst().width());
  }

  /** Codecs, sizes and bars leave the objects where the labels are: they differ from around. */
  @Test
  void showsTheScene_whereTheLabelsSay() {
    int compared = 0;
    for (long i = 0; i < 30; i++) {
      Scene scene = World.objects(Split.TRAIN, 5, i);
      Frame frame = film(scene, 1, i).get(1);
      Coverage coverage = new Coverage(scene, frame.width(), frame.height());
      int[] cells = new int[48 * 48];
      coverage.label(TIMES[1], 48, cells);
      for (int actor = 0; actor < scene.actors().size(); actor++) {
        compared += tones(frame, cells, actor, scene) ? 1 : 0;
      }
    }
    assertThat(compared).isGreaterThan(25);
  }

  /** Whether there is enough of an object to compare; its mean tone must be near its paint's. */
  private static boolean tones(Frame frame, int[] cells, int actor, Scene scene) {
    int square = Math.max(frame.width(), frame.height());
    double[] sum = new double[3];
    int count = 0;
    Pixels pixels = new Pixels(frame.width(), frame.height(), frame.rgb());
    for (int i = 0; i < cells.length; i++) {
      int x = (int) ((i % 48 + 0.5) * square / 48 - (square - frame.width()) / 2.0);
      int y = (int) ((Math.floorDiv(i, 48) + 0.5) * square / 48 - (square - frame.height()) / 2.0);
      if (cells[i] == actor) {
        int tone = pixels.at(x, y);
        sum[0] += tone >> 16 & 0xff;
        sum[1] += tone >> 8 & 0xff;
        sum[2] += tone & 0xff;
        count++;
      }
    }
    int paint = scene.actors().get(actor).paint(TIMES[1]).rgb();
    if (count < 30) {
      return false;
    }
    double red = sum[0] / count - (paint >> 16 & 0xff);
    double green = sum[1] / count - (paint >> 8 & 0xff);
    double blue = sum[2] / count - (paint & 0xff);
    assertThat(Math.sqrt(red * red + green * green + blue * blue))
        .as("actor %s", scene.actors().get(actor))
        .isLessThan(110);
    return true;
  }
}
