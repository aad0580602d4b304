package dev.densestream.trainer.train.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.framesampler.Frame;
import dev.densestream.trainer.world.Coverage;
import dev.densestream.trainer.world.Pixels;
import dev.densestream.trainer.world.Scene;
import dev.densestream.trainer.world.Split;
import dev.densestream.trainer.world.World;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilmingTest {
  private static final int CELLS = 48;
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

  /** Codecs, sizes, bars and tones leave the objects where the labels are, in their colours. */
  @Test
  void showsTheScene_whereTheLabelsSay() {
    int nearer = 0;
    int compared = 0;
    for (long i = 0; i < 40; i++) {
      Scene scene = World.objects(Split.TRAIN, 5, i);
      Frame frame = film(scene, 1, i).get(1);
      int[] cells = new int[CELLS * CELLS];
      new Coverage(scene, frame.width(), frame.height()).label(TIMES[1], CELLS, cells);
      for (int actor = 0; actor < scene.actors().size(); actor++) {
        int paint = scene.actors().get(actor).paint(TIMES[1]).rgb();
        Optional<double[]> own = mean(frame, cells, actor);
        if (own.isPresent()) {
          compared++;
          nearer +=
              distance(own.get(), paint) < distance(mean(frame, cells, -1).orElseThrow(), paint)
                  ? 1
                  : 0;
        }
      }
    }
    assertThat(compared).isGreaterThan(40);
    // Borders, and the second shade of a texture, may be nearer to what is behind.
    assertThat(nearer).isGreaterThan(compared * 9 / 10);
  }

  /** Mean tone of the cells with a label, if there are enough to tell. */
  private static Optional<double[]> mean(Frame frame, int[] cells, int label) {
    Pixels pixels = new Pixels(frame.width(), frame.height(), frame.rgb());
    int square = Math.max(frame.width(), frame.height());
    double[] sum = new double[3];
    int count = 0;
    for (int i = 0; i < cells.length; i++) {
      double u = (i % CELLS + 0.5) * square / CELLS - (square - frame.width()) / 2.0;
      double v = (Math.floorDiv(i, CELLS) + 0.5) * square / CELLS;
      double y = v - (square - frame.height()) / 2.0;
      boolean inside = u >= 0 && y >= 0 && u < frame.width() && y < frame.height();
      if (cells[i] == label && inside) {
        int tone = pixels.at((int) u, (int) y);
        sum[0] += tone >> 16 & 0xff;
        sum[1] += tone >> 8 & 0xff;
        sum[2] += tone & 0xff;
        count++;
      }
    }
    double each = 1.0 / Math.max(1, count);
    return count < 15
        ? Optional.empty()
        : Optional.of(new double[] {sum[0] * each, sum[1] * each, sum[2] * each});
  }

  private static double distance(double[] tone, int rgb) {
    return Math.hypot(
        Math.hypot(tone[0] - (rgb >> 16 & 0xff), tone[1] - (rgb >> 8 & 0xff)),
        tone[2] - (rgb & 0xff));
  }
}
