package dev.densestream.trainer.language;

import static java.util.Objects.requireNonNull;

import dev.densestream.trainer.world.Colour;
import dev.densestream.trainer.world.Facts;
import dev.densestream.trainer.world.Shape;
import dev.densestream.trainer.world.Sighting;
import dev.densestream.trainer.world.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How an object is spoken of, such as {@code large red circle} or {@code red object}. */
record Description(Optional<Size> size, Optional<Colour> colour, Optional<Shape> shape) {
  Description {
    requireNonNull(size, "size is null");
    requireNonNull(colour, "colour is null");
    requireNonNull(shape, "shape is null");
  }

  static Description of(Colour colour, Shape shape) {
    return new Description(Optional.empty(), Optional.of(colour), Optional.of(shape));
  }

  static Description of(Shape shape) {
    return new Description(Optional.empty(), Optional.empty(), Optional.of(shape));
  }

  static Description of(Colour colour) {
    return new Description(Optional.empty(), Optional.of(colour), Optional.empty());
  }

  static Description anything() {
    return new Description(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The object's colour and shape; empty when it shows several colours. */
  static Optional<Description> full(Sighting sighting) {
    Set<Colour> colours = sighting.colours();
    return colours.size() == 1
        ? Optional.of(of(colours.iterator().next(), sighting.look().shape()))
        : Optional.empty();
  }

  /** Those that can be of no other object in the frames. */
  static List<Description> unique(Facts facts, Sighting sighting) {
    List<Description> candidates = new ArrayList<>();
    Shape shape = sighting.look().shape();
    candidates.add(of(shape));
    full(sighting).ifPresent(candidates::add);
    full(sighting).flatMap(Description::colour).map(Description::of).ifPresent(candidates::add);
    sighting
        .size()
        .ifPresent(
            size -> {
              candidates.add(
                  new Description(Optional.of(size), Optional.empty(), Optional.of(shape)));
              candidates.add(
                  new Description(Optional.of(size), Optional.empty(), Optional.empty()));
            });
    return candidates.stream()
        .filter(one -> one.fits(sighting))
        .filter(one -> facts.sightings().stream().filter(one::couldFit).count() == 1)
        .toList();
  }

  /** Whether it is right in every frame. */
  boolean fits(Sighting sighting) {
    return size.map(wanted -> sighting.size().equals(Optional.of(wanted))).orElse(true)
        && colour.map(wanted -> sighting.colours().equals(Set.of(wanted))).orElse(true)
        && shape.map(wanted -> sighting.look().shape() == wanted).orElse(true);
  }

  /** Whether somebody could say so, in some frame. */
  boolean couldFit(Sighting sighting) {
    return size.map(wanted -> sighting.size().map(wanted::equals).orElse(true)).orElse(true)
        && colour.map(wanted -> sighting.colours().contains(wanted)).orElse(true)
        && shape.map(wanted -> sighting.look().shape() == wanted).orElse(true);
  }

  String text() {
    return said(shape.map(Shape::word).orElse("object"));
  }

  String plural() {
    return said(shape.map(Description::plural).orElse("objects"));
  }

  /** With the article that its first letter asks for. */
  String indefinite() {
    return ("aeiou".indexOf(text().charAt(0)) < 0 ? "a " : "an ") + text();
  }

  private String said(String noun) {
    String before = size.map(value -> value.word() + " ").orElse("");
    return before + colour.map(value -> value.word() + " ").orElse("") + noun;
  }

  static String plural(Shape shape) {
    return shape.word() + (shape == Shape.CROSS ? "es" : "s");
  }
}
