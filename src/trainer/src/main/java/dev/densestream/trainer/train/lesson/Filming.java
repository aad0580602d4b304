package dev.densestream.trainer.train.lesson;

import dev.densestream.framesampler.Frame;
import dev.densestream.trainer.video.ClipFormat;
import dev.densestream.trainer.video.RoundTrip;
import dev.densestream.trainer.video.VariedFormats;
import dev.densestream.trainer.world.Renderer;
import dev.densestream.trainer.world.Scene;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Frames of scenes as cameras, encoders and players bring them, in varied tones and sharpness: most
 * drawn at about the size that the tower sees, which costs least, a share at some other size and
 * through the codecs.
 */
final class Filming {
  private static final double LARGER = 0.15;
  private static final double BARS = 0.1;
  private static final int LEAST_SIDE = 80;
  private static final int MOST_SIDE = 320;

  private final int side;
  private final double coded;

  /**
   * For a tower.
   *
   * @param side pixels that it sees along a side
   * @param coded share of the windows that go through the codecs
   */
  Filming(int side, double coded) {
    this.side = side;
    this.coded = coded;
  }

  /** Frames of one size. */
  List<Frame> film(Scene scene, double[] times, Random random) {
    SplittableRandom own = new SplittableRandom(random.nextLong());
    try {
      return own.nextDouble() < coded ? coded(scene, times, own) : drawn(scene, times, own);
    } catch (IOException e) {
      throw new UncheckedIOException("a clip cannot be made for a lesson", e);
    }
  }

  private List<Frame> drawn(Scene scene, double[] times, SplittableRandom random) {
    int longer = random.nextDouble() < LARGER ? side + random.nextInt(side) : side;
    double stretch = random.nextDouble() < BARS ? random.nextDouble(0.6, 1.6) : 1;
    double aspect = scene.aspect() * stretch;
    int width = aspect >= 1 ? longer : Math.max(8, (int) Math.round(longer * aspect));
    int height = aspect <= 1 ? longer : Math.max(8, (int) Math.round(longer / aspect));
    Studio studio = new Studio(scene, width, height, random);
    List<Frame> frames = new ArrayList<>();
    for (double time : times) {
      byte[] rgb = new byte[3 * width * height];
      studio.draw(time, rgb);
      frames.add(new Frame((long) (time * 1e6), width, height, rgb));
    }
    return frames;
  }

  /**
   * A clip of the times alone, or with a frame in front of each: how far a frame is from the one it
   * is predicted from does not matter to a codec's artefacts as much as how many bits it gets.
   */
  private List<Frame> coded(Scene scene, double[] times, SplittableRandom random)
      throws IOException {
    double share = random.nextDouble();
    double root = LEAST_SIDE + (MOST_SIDE - LEAST_SIDE) * share * share;
    ClipFormat format = VariedFormats.of(scene, root, random);
    int each = random.nextInt(3) == 0 ? 2 : 1;
    Studio studio = new Studio(scene, format.width(), format.height(), random);
    byte[] rgb = new byte[3 * format.width() * format.height()];
    return RoundTrip.frames(
        format,
        each * times.length,
        i -> {
          double early = (double) (each - 1 - i % each) / format.framesPerSecond();
          studio.draw(Math.max(0, times[i / each] - early), rgb);
          return rgb;
        },
        i -> i % each == each - 1);
  }

  /** Draws a scene's frames, all with the same changes. */
  private static final class Studio {
    private final Renderer renderer;
    private final Grading grading;
    private final Focus focus;

    private Studio(Scene scene, int width, int height, SplittableRandom random) {
      renderer = new Renderer(scene, width, height);
      grading = Grading.any(random);
      focus = Focus.any(random);
    }

    private void draw(double seconds, byte[] rgb) {
      renderer.draw(seconds, rgb, 0);
      focus.apply(rgb, renderer.width(), renderer.height());
      grading.apply(rgb);
    }
  }
}
