package dev.densestream.trainer.train.lesson;

import dev.densestream.trainer.language.Vocabulary;
import dev.densestream.trainer.world.Actor;
import dev.densestream.trainer.world.Colour;
import dev.densestream.trainer.world.Keyframe;
import dev.densestream.trainer.world.Scene;
import dev.densestream.trainer.world.Shape;
import dev.densestream.trainer.world.Size;
import dev.densestream.trainer.world.Texture;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the renderer knows about a cell of a picture, as numbers: of each kind, 0 for "no object
 * here". How many classes there are is part of a model in training.
 */
public final class Labels {
  /** Label of what is not asked about. */
  public static final int NONE = -100;

  private static final List<Shape> SHAPES = List.of(Shape.values());
  private static final List<Colour> COLOURS = List.of(Colour.values());
  private static final List<Size> SIZES = List.of(Size.values());
  private static final List<Texture> TEXTURES = List.of(Texture.values());

  /** Parts of a picture's side in which an object's middle may be. */
  private static final int PARTS = 6;

  /** Column and row are those of the object's middle. */
  private static final List<String> NAMES =
      List.of("shape", "colour", "size", "texture", "column", "row");

  /** Classes of each kind, in the order of the names. */
  private static final int[] KINDS = {
    SHAPES.size() + 1,
    COLOURS.size() + 1,
    SIZES.size() + 1,
    TEXTURES.size() + 1,
    PARTS + 1,
    PARTS + 1
  };

  /** Parts along a patch's side, of each of which it is told whether an object covers it. */
  static final int OUTLINE_SIDE = 4;

  /** More than a kind has classes. */
  static final int CODES = 64;

  /** More than a shape and a colour together have codes. */
  static final int SIZE_CODES = CODES * CODES;

  private Labels() {}

  /** A word for each kind. */
  public static List<String> names() {
    return NAMES;
  }

  /** Classes of each kind. */
  public static long[] kinds() {
    return Arrays.stream(KINDS).asLongStream().toArray();
  }

  /** Classes of all kinds. */
  public static int classes() {
    return Arrays.stream(KINDS).sum();
  }

  /** Classes of shape and of colour. */
  public static int ofSubjects() {
    return KINDS[0] + KINDS[1];
  }

  /** Parts of a patch. */
  public static int outlineParts() {
    return OUTLINE_SIDE * OUTLINE_SIDE;
  }

  /**
   * What a word says a visual token shows, by the word: a class of shape, {@link #CODES} times a
   * class of colour, or {@link #SIZE_CODES} times a class of size.
   */
  static Map<String, Integer> words() {
    Map<String, Integer> codes = new HashMap<>();
    for (Shape shape : SHAPES) {
      int code = 1 + SHAPES.indexOf(shape);
      Vocabulary.of(shape).forEach(word -> codes.put(word, code));
    }
    for (Colour colour : COLOURS) {
      codes.put(colour.word(), CODES * (1 + COLOURS.indexOf(colour)));
    }
    for (Size size : SIZES) {
      codes.put(size.word(), SIZE_CODES * (1 + SIZES.indexOf(size)));
    }
    return codes;
  }

  /** Writes one cell's labels. */
  static void write(Scene scene, Actor actor, double seconds, long[] labels, int at) {
    labels[at] = 1L + SHAPES.indexOf(actor.look().shape());
    labels[at + 1] = 1L + COLOURS.indexOf(actor.paint(seconds).colour());
    labels[at + 2] = 1L + SIZES.indexOf(actor.look().size());
    labels[at + 3] = 1L + TEXTURES.indexOf(actor.look().texture());
    Keyframe middle = actor.at(seconds);
    labels[at + 4] = part(middle.x() / scene.width());
    labels[at + 5] = part(middle.y() / scene.height());
  }

  private static int part(double share) {
    return 1 + (int) Math.clamp(Math.floor(share * PARTS), 0, PARTS - 1);
  }

  static int count() {
    return KINDS.length;
  }
}
