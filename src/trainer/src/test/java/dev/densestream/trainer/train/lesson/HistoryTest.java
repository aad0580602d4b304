package dev.densestream.trainer.train.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.trainer.world.Action;
import dev.densestream.trainer.world.Actor;
import dev.densestream.trainer.world.Colour;
import dev.densestream.trainer.world.Coverage;
import dev.densestream.trainer.world.Direction;
import dev.densestream.trainer.world.Event;
import dev.densestream.trainer.world.Facts;
import dev.densestream.trainer.world.Keyframe;
import dev.densestream.trainer.world.Paint;
import dev.densestream.trainer.world.Scene;
import dev.densestream.trainer.world.Shape;
import dev.densestream.trainer.world.Stills;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A red circle rests, moves left from 2 s on and turns blue at 3 s; four frames show it. */
class HistoryTest {
  private static final int GRID = 5;
  private static final int CELLS = GRID * GRID;
  private static final int KINDS = History.kinds().length;
  private static final int RED = 0xe02020;
  private static final int BLUE = 0x2040e0;

  /** Where each kind of label is: motion, first, colour, then what can be done. */
  private static final int FIRST = 1;

  private static final int COLOUR = 2;
  private static final int MOVES_LEFT = 3 + List.of(Direction.values()).indexOf(Direction.LEFT);
  private static final int MOVES_RIGHT = 3 + List.of(Direction.values()).indexOf(Direction.RIGHT);
  private static final int TURNS = 3 + Direction.values().length + 3;

  private static Scene scene() {
    Actor still = Stills.still(Shape.CIRCLE, Colour.RED, RED, 0.7, 0.5);
    Actor circle =
        new Actor(
            still.look(),
            List.of(
                new Keyframe(0, 0.7, 0.5, 0.1),
                new Keyframe(2, 0.7, 0.5, 0.1),
                new Keyframe(4, 0.3, 0.5, 0.1)),
            List.of(new Paint(0, Colour.RED, RED), new Paint(3, Colour.BLUE, BLUE)));
    return Stills.scene(
        1,
        List.of(
            new Event(0, 2, 4, new Action.Moves(Direction.LEFT)),
            new Event(0, 3, 3, new Action.Turns(Colour.BLUE))),
        circle);
  }

  private static long[] history(double... times) {
    Coverage coverage = new Coverage(scene(), 100, 100);
    CellLabels cells = new CellLabels(scene(), times, coverage, 4 * GRID);
    return cells.history(GRID, new History(Facts.of(scene(), times)));
  }

  /** The labels of one kind on the object's cells, frame by frame. */
  private static List<List<Long>> of(int kind, double... times) {
    long[] history = history(times);
    List<List<Long>> frames = new ArrayList<>();
    for (int frame = 0; frame < times.length; frame++) {
      List<Long> own = new ArrayList<>();
      for (int cell = 0; cell < CELLS; cell++) {
        int at = (frame * CELLS + cell) * KINDS;
        if (history[at + FIRST] != Labels.NONE) {
          own.add(history[at + kind]);
        }
      }
      frames.add(own.stream().distinct().sorted().toList());
    }
    return frames;
  }

  @Test
  void tellsTheFrameThatFirstShowsIt_andNothingBefore() {
    assertThat(of(MOVES_LEFT, 0.5, 1.5, 2.5, 3.5))
        .containsExactly(List.of(0L), List.of(0L), List.of(3L), List.of(3L));
    assertThat(of(TURNS, 0.5, 1.5, 2.5, 3.5))
        .containsExactly(List.of(0L), List.of(0L), List.of(0L), List.of(4L));
    assertThat(of(MOVES_RIGHT, 0.5, 1.5, 2.5, 3.5)).allMatch(List.of(0L)::equals);
  }

  /** A frame at the very beginning of a move cannot show it. */
  @Test
  void takesTheNextFrame_whenOneIsTooEarly() {
    assertThat(of(MOVES_LEFT, 1, 2.05, 3)).containsExactly(List.of(0L), List.of(0L), List.of(3L));
  }

  @Test
  void saysTheFirstFrame_whenItWasUnderWayBefore() {
    assertThat(of(MOVES_LEFT, 2.5, 3.5)).containsExactly(List.of(1L), List.of(1L));
  }

  @Test
  void remembersTheFirstColour() {
    long red = List.of(Colour.values()).indexOf(Colour.RED);
    long blue = List.of(Colour.values()).indexOf(Colour.BLUE);
    assertThat(of(COLOUR, 0.5, 3.5)).containsExactly(List.of(red), List.of(red));
    assertThat(of(COLOUR, 3.2, 3.5)).containsExactly(List.of(blue), List.of(blue));
  }

  @Test
  void marksOneTokenOfEachObject_theFirstThatShowsItsMiddle() {
    long[] history = history(0.5, 1.5, 2.5, 3.5);
    List<Integer> marked = new ArrayList<>();
    for (int cell = 0; cell < 4 * CELLS; cell++) {
      if (history[cell * KINDS + FIRST] == 1) {
        marked.add(cell);
      }
    }
    assertThat(marked).containsExactly(2 * GRID + 3);
  }

  @Test
  void tellsHowItMovedSinceTheFrameBefore() {
    assertThat(of(0, 0.5, 1.5, 2.5, 3.5))
        .containsExactly(List.of((long) Labels.NONE), List.of(1L), List.of(2L), List.of(2L));
  }

  @Test
  void hasAClassForEachLabel() {
    long[] kinds = History.kinds();
    assertThat(History.names()).hasSameSizeAs(kinds).doesNotHaveDuplicates();
    assertThat(Labels.names()).hasSameSizeAs(Labels.kinds()).doesNotHaveDuplicates();
    long[] history = history(0.5, 1.5, 2.5, 3.5);
    for (int i = 0; i < history.length; i++) {
      assertThat(history[i]).isLessThan(kinds[i % KINDS]);
      assertThat(history[i] == Labels.NONE || history[i] >= 0).isTrue();
    }
  }
}
