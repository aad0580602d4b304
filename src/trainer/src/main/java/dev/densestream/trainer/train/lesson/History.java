package dev.densestream.trainer.train.lesson;

import static dev.densestream.trainer.train.lesson.Labels.NONE;

import dev.densestream.trainer.world.Action;
import dev.densestream.trainer.world.Actor;
import dev.densestream.trainer.world.Colour;
import dev.densestream.trainer.world.Direction;
import dev.densestream.trainer.world.Facts;
import dev.densestream.trainer.world.Happening;
import dev.densestream.trainer.world.Keyframe;
import dev.densestream.trainer.world.Moment;
import dev.densestream.trainer.world.Sighting;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an object has done up to a frame, as numbers for the visual tokens that show it there: how
 * it has moved since the frame before; whether the token is the first that shows its middle; the
 * colour it was first seen in; and for each thing it can do, the number of the frame that first
 * showed it, 0 when none has. How many classes there are is part of a model in training.
 */
public final class History {
  /** Frames told apart; later ones count as this one. */
  private static final int FRAMES = 8;

  /** No object, still, left, right, up, down, grows, shrinks. */
  private static final int MOTIONS = 8;

  private static final List<Colour> COLOURS = List.of(Colour.values());
  private static final List<Direction> WAYS = List.of(Direction.values());

  /** Moves each way, enters, leaves, changes size, changes colour, stops, meets another. */
  private static final int DEEDS = WAYS.size() + 6;

  private static final int MOTION = 0;
  private static final int FIRST = 1;
  private static final int COLOUR = 2;
  private static final int ONSETS = 3;

  private static final int[] KINDS = kindsOfLabel();

  /** In units of a picture's side, between two frames. */
  private static final double LEAST_MOTION = 0.01;

  /** Seconds that something goes on before a frame can show it. */
  private static final double LEAST_TIME = 0.1;

  private final Facts facts;

  History(Facts facts) {
    this.facts = facts;
  }

  private static int[] kindsOfLabel() {
    int[] kinds = new int[ONSETS + DEEDS];
    Arrays.fill(kinds, FRAMES + 1);
    kinds[MOTION] = MOTIONS;
    kinds[FIRST] = 2;
    kinds[COLOUR] = COLOURS.size();
    return kinds;
  }

  /** A word for each kind. */
  public static List<String> names() {
    return Stream.of(
            Stream.of("motion", "first", "colour"),
            WAYS.stream().map(Direction::word),
            Stream.of("enters", "leaves", "size", "turns", "stops", "meets"))
        .flatMap(words -> words)
        .toList();
  }

  /** Classes of each kind. */
  public static long[] kinds() {
    return Arrays.stream(KINDS).asLongStream().toArray();
  }

  /** Classes of a frame's number, 0 among them. */
  public static int onsets() {
    return FRAMES + 1;
  }

  /** Classes of all kinds. */
  public static int classes() {
    return Arrays.stream(KINDS).sum();
  }

  /** Writes the labels of a token that shows no object. */
  static void writeNothing(int frame, long[] labels, int at) {
    Arrays.fill(labels, at, at + KINDS.length, NONE);
    labels[at + MOTION] = frame == 0 ? NONE : 0;
  }

  /**
   * Writes the labels of a token that shows an object.
   *
   * @param frame from 0 on
   * @param first whether no token before has shown its middle, and this one does
   */
  void write(int object, int frame, boolean first, long[] labels, int at) {
    Actor actor = facts.scene().actors().get(object);
    labels[at + MOTION] =
        frame == 0 ? NONE : motion(actor, facts.times().get(frame - 1), facts.times().get(frame));
    labels[at + FIRST] = first ? 1 : 0;
    labels[at + COLOUR] =
        facts.sighting(object).map(sighting -> firstColour(sighting, frame)).orElse(NONE);
    Arrays.fill(labels, at + ONSETS, at + ONSETS + DEEDS, 0);
    for (Happening happening : facts.happenings(object)) {
      if (firstShown(happening) <= frame) {
        labels[at + ONSETS + deed(happening.action())] = onset(happening);
      }
    }
  }

  private static int firstColour(Sighting sighting, int frame) {
    List<Moment> moments = sighting.moments();
    int first = 0;
    while (first < frame && moments.get(first).hidden()) {
      first++;
    }
    return COLOURS.indexOf(moments.get(first).colour());
  }

  /** The number of the first frame that shows it, from 1 on: a class. */
  int onset(Happening happening) {
    return Math.min(firstShown(happening) + 1, FRAMES);
  }

  /** From 0 on; behind all frames when none shows it. */
  private int firstShown(Happening happening) {
    int frame = 0;
    while (happening.begins()
        && frame < facts.times().size()
        && facts.times().get(frame) < happening.onset() + LEAST_TIME) {
      frame++;
    }
    return frame;
  }

  private static int deed(Action action) {
    return switch (action) {
      case Action.Moves(var way) -> WAYS.indexOf(way);
      case Action.Enters _ -> WAYS.size();
      case Action.Leaves _ -> WAYS.size() + 1;
      case Action.Grows() -> WAYS.size() + 2;
      case Action.Shrinks() -> WAYS.size() + 2;
      case Action.Turns _ -> WAYS.size() + 3;
      case Action.Stops() -> WAYS.size() + 4;
      case Action.Passes _ -> WAYS.size() + 5;
      case Action.Hits _ -> WAYS.size() + 5;
    };
  }

  /** How an object has moved since the frame before. */
  private static int motion(Actor actor, double before, double now) {
    Keyframe from = actor.at(before);
    Keyframe to = actor.at(now);
    double x = to.x() - from.x();
    double y = to.y() - from.y();
    if (Math.max(Math.abs(x), Math.abs(y)) >= LEAST_MOTION) {
      return Math.abs(x) >= Math.abs(y) ? (x < 0 ? 2 : 3) : (y < 0 ? 4 : 5);
    }
    double growth = to.radius() / from.radius();
    return growth > 1.04 ? 6 : growth < 0.96 ? 7 : 1;
  }
}
