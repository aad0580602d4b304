package dev.densestream.trainer.world;

import static java.util.Objects.requireNonNull;

import java.util.SplittableRandom;

/**
 * How an object is drawn, of all the ways that leave it what it is.
 *
 * @param hard whether edges are as rough as the pixels
 */
public record Style(Outline outline, Pattern pattern, Border border, boolean hard) {
  public Style {
    requireNonNull(outline, "outline is null");
    requireNonNull(pattern, "pattern is null");
    requireNonNull(border, "border is null");
  }

  /** As most would draw it. */
  static Style usual(Shape shape) {
    return new Style(Outline.usual(shape), Pattern.USUAL, Border.NONE, false);
  }

  /** As somebody else might. */
  static Style varied(Shape shape, boolean hard, SplittableRandom random) {
    return new Style(
        Outline.varied(shape, random), Pattern.varied(random), Border.varied(shape, random), hard);
  }
}
