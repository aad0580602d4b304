package dev.densestream.trainer.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is in the pixels, measured without the renderer's geometry. */
class RendererTest {
  private static final int RED = 0xe02020;
  private static final int BLUE = 0x2040e0;

  @ParameterizedTest
  @EnumSource(Direction.class)
  void movesTheWayItSays(Direction way) {
    double x = 0.5 - 0.25 * way.x();
    double y = 0.5 - 0.25 * way.y();
    Actor actor =
        Stills.moving(Shape.STAR, Colour.RED, RED, x, y, x + 0.5 * way.x(), y + 0.5 * way.y());
    Scene scene = Stills.scene(1, actor);

    Pixels.Spot early = Pixels.of(scene, 0.5, 96, 96).near(RED, 60);
    Pixels.Spot late = Pixels.of(scene, 3.5, 96, 96).near(RED, 60);

    // 0.375 of the picture in 3 of 4 seconds
    assertThat(late.x() - early.x()).isCloseTo(36 * way.x(), within(1.0));
    assertThat(late.y() - early.y()).isCloseTo(36 * way.y(), within(1.0));
    assertThat(Facts.of(scene, 0.5, 2, 3.5).sightings().getFirst().direction()).contains(way);
    // The control: the same frames in the other order.
    assertThat(Facts.of(reversed(scene, actor), 0.5, 2, 3.5).sightings().getFirst().direction())
        .contains(way.opposite());
  }

  private static Scene reversed(Scene scene, Actor actor) {
    Keyframe first = actor.path().getFirst();
    Keyframe last = actor.path().getLast();
    return Stills.scene(
        scene.aspect(),
        Stills.moving(Shape.STAR, Colour.RED, RED, last.x(), last.y(), first.x(), first.y()));
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void fillsAsMuchAsTheShape_whereTheShapeIs(Shape shape) {
    Scene scene = Stills.scene(1, Stills.still(shape, Colour.RED, RED, 0.3, 0.6));

    Pixels.Spot spot = Pixels.of(scene, 0, 200, 200).near(RED, 100);

    // areas of the outlines for radius 1, by their formulas
    double area =
        switch (shape) {
          case CIRCLE -> Math.PI * 0.81;
          case SQUARE -> 2.56;
          case TRIANGLE -> 1.299;
          case STAR -> 5 * 0.43 * Math.sin(Math.PI / 5);
          case CROSS -> 4 * 0.31 * 0.94 * 2 - 4 * 0.31 * 0.31;
          case DIAMOND -> 2 * 0.72;
          case RING -> Math.PI * (0.92 * 0.92 - 0.44 * 0.44);
        };
    assertThat(spot.pixels() / 400.0).isCloseTo(area, within(0.12));
    assertThat(spot.x()).isCloseTo(60, within(1.5));
    assertThat(spot.y()).isCloseTo(120, within(1.5));
  }

  @Test
  void drawsTheLaterObjectInFront() {
    Actor back = Stills.still(Shape.SQUARE, Colour.RED, RED, 0.5, 0.5);
    Actor front = Stills.still(Shape.SQUARE, Colour.BLUE, BLUE, 0.55, 0.5);

    Pixels blueInFront = Pixels.of(Stills.scene(1, back, front), 0, 96, 96);
    Pixels redInFront = Pixels.of(Stills.scene(1, front, back), 0, 96, 96);

    assertThat(blueInFront.near(BLUE, 60).pixels())
        .isGreaterThan(2 * blueInFront.near(RED, 60).pixels());
    assertThat(redInFront.near(RED, 60).pixels())
        .isGreaterThan(2 * redInFront.near(BLUE, 60).pixels());
  }

  @Test
  void fitsTheSceneBetweenBars() {
    Scene scene = Stills.scene(2, Stills.still(Shape.CIRCLE, Colour.RED, RED, 0.7, 0.35));
    Pixels square = Pixels.of(scene, 0, 100, 100);

    assertThat(square.at(50, 10)).isZero();
    assertThat(square.at(50, 90)).isZero();
    assertThat(square.at(2, 50)).isEqualTo(Stills.GREY);
    assertThat(square.near(RED, 60).y()).isCloseTo(50, within(1.0));
  }

  @Test
  void drawsTheSameFrame_asBytesAndAsFloats_andEveryTime() {
    Scene scene = World.objects(Split.TRAIN, 3, 4);
    byte[] bytes = new byte[3 * 64 * 48];
    float[] floats = new float[5 + 3 * 64 * 48];
    new Renderer(scene, 64, 48).draw(1.5, bytes, 0);
    Renderer other = new Renderer(scene, 64, 48);
    other.draw(0.2, floats, 5);
    other.draw(1.5, floats, 5);

    for (int i = 0; i < bytes.length; i++) {
      assertThat(255 * floats[5 + i]).isCloseTo(bytes[i] & 0xff, within(0.51f));
    }
  }

  @Test
  void labelsCellsWithWhatCoversThem() {
    Scene scene =
        Stills.scene(
            1,
            Stills.still(Shape.SQUARE, Colour.RED, RED, 0.25, 0.25),
            Stills.still(Shape.SQUARE, Colour.BLUE, BLUE, 0.75, 0.75));
    int[] cells = new int[100];
    new Coverage(scene, 100, 100).label(0, 10, cells);

    Pixels pixels = Pixels.of(scene, 0, 100, 100);
    for (int i = 0; i < cells.length; i++) {
      int column = i % 10;
      int row = i / 10;
      int middle = pixels.at(10 * column + 5, 10 * row + 5);
      // Cells wholly inside a square, and those far from both.
      boolean near = column >= 1 && column <= 8 && row >= 1 && row <= 8;
      if (Tones.distance(middle, RED) < 60) {
        assertThat(cells[i]).as("cell " + i).isZero();
      } else if (Tones.distance(middle, BLUE) < 60) {
        assertThat(cells[i]).as("cell " + i).isEqualTo(1);
      } else if (!near) {
        assertThat(cells[i]).as("cell " + i).isEqualTo(-1);
      }
    }
    assertThat(cells).contains(0, 1, -1);
  }

  /** Bars in the picture, and around it: where the object's pixels are, its label is. */
  @ParameterizedTest
  @CsvSource({"100, 60", "60, 100", "96, 40"})
  void labelsLieOverThePicturePaddedToASquare(int width, int height) {
    Scene scene = Stills.scene(1.5, Stills.still(Shape.SQUARE, Colour.RED, RED, 0.9, 0.3));
    int[] cells = new int[400];
    new Coverage(scene, width, height).label(0, 20, cells);
    double x = 0;
    double y = 0;
    int count = 0;
    for (int i = 0; i < cells.length; i++) {
      if (cells[i] == 0) {
        x += i % 20 + 0.5;
        y += Math.floorDiv(i, 20) + 0.5;
        count++;
      }
    }
    int square = Math.max(width, height);
    Pixels.Spot spot = Pixels.of(scene, 0, width, height).near(RED, 60);

    assertThat(x / count).isCloseTo((spot.x() + (square - width) / 2.0) * 20 / square, within(0.5));
    assertThat(y / count)
        .isCloseTo((spot.y() + (square - height) / 2.0) * 20 / square, within(0.5));
  }

  @Test
  void foreignFootageIsTheSameEveryTime() {
    for (long i = 0; i < 20; i++) {
      Scene scene = World.foreign(Split.TRAIN, 1, i);
      assertThat(scene.actors()).isEmpty();
      assertThat(Pixels.of(scene, 1, 48, 48).rgb())
          .isEqualTo(Pixels.of(World.foreign(Split.TRAIN, 1, i), 1, 48, 48).rgb());
    }
  }

  @Test
  void coloursAreWhatPeopleCallThem() {
    var random = new java.util.SplittableRandom(1);
    for (int i = 0; i < 500; i++) {
      int red = Colour.RED.tone(random);
      int green = Colour.GREEN.tone(random);
      int blue = Colour.BLUE.tone(random);
      assertThat(Tones.red(red)).isGreaterThan(2 * Math.max(Tones.green(red), Tones.blue(red)));
      assertThat(Tones.green(green)).isGreaterThan(Math.max(Tones.red(green), Tones.blue(green)));
      assertThat(Tones.blue(blue)).isGreaterThan(Math.max(Tones.red(blue), Tones.green(blue)));
    }
    assertThat(List.of(Colour.values())).hasSize(8);
  }
}
