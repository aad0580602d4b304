package dev.densestream.trainer.language;

import java.util.List;
import java.util.random.RandomGenerator;

/** All the ways a question is put; {@code %s} is an object, or a thing that happens. */
enum Wording {
  COLOUR(
      "What colour is the %s?",
      "What is the colour of the %s?",
      "Which colour does the %s have?",
      "Which colour is the %s?",
      "What color is the %s?",
      "What is the color of the %s?",
      "Tell me the colour of the %s."),
  MOVING_COLOUR("What colour is the moving object?", "Which colour does the moving object have?"),
  SHAPE(
      "What shape is the %s?",
      "What is the shape of the %s?",
      "Which shape does the %s have?",
      "Which shape is the %s?",
      "What kind of shape is the %s?",
      "Tell me the shape of the %s."),
  MOVING_SHAPE("What shape is the moving object?", "Which shape is moving?"),
  COUNT(
      "How many %s are there?",
      "How many %s do you see?",
      "How many %s are in the video?",
      "How many %s can you see?",
      "How many %s are visible?",
      "Count the %s.",
      "What is the number of %s?"),
  PLACE(
      "Where is the %s?",
      "Where is the %s located?",
      "What is the position of the %s?",
      "In which part of the picture is the %s?"),
  PLACE_AT_END("Where is the %s at the end?", "Where does the %s end?"),
  PLACE_AT_START("Where is the %s at the start?", "Where does the %s start?"),
  SIDE(
      "Is the %s on the left or on the right?",
      "On which side is the %s, left or right?",
      "Is the %s left or right?",
      "Is the %s on the left side or on the right side?",
      "Is the %s in the left or in the right half?"),
  HALF("Is the %s at the top or at the bottom?", "Is the %s in the top or in the bottom half?"),
  BESIDE("Is the %s left or right of the %s?", "Is the %s on the left or on the right of the %s?"),
  OVER("Is the %s above or below the %s?"),
  DIRECTION(
      "Which way does the %s move?",
      "In which direction does the %s move?",
      "Which way is the %s moving?",
      "Where does the %s go?",
      "In what direction is the %s moving?",
      "Where is the %s moving?",
      "What is the direction of the %s?"),
  SIDEWAYS(
      "Does the %s move left or right?",
      "Does the %s move to the left or to the right?", "Is the %s moving left or right?"),
  UPRIGHT("Does the %s move up or down?", "Is the %s moving up or down?"),
  MOVES("Does the %s move?", "Is the %s moving?"),
  MOVER("What is moving?", "What moves?", "Which object is moving?", "Which object moves?"),
  FIRST(
      "What happens first: %s or %s?",
      "What happens first, %s or %s?", "Which happens first: %s or %s?"),
  LAST("What happens last: %s or %s?", "What happens last, %s or %s?"),
  FIRST_MOVER("Which moves first: the %s or the %s?", "Which one moves first, the %s or the %s?"),
  PRESENCE(
      "Is there %s?",
      "Do you see %s?",
      "Is there %s in the video?",
      "Is there %s in the picture?",
      "Is %s visible?",
      "Can you see %s?",
      "Does the video show %s?"),
  BECOMES(
      "What colour does the %s become?",
      "Which colour does the %s turn?",
      "What colour is the %s at the end?",
      "What color does the %s become?",
      "What color is the %s at the end?"),
  BECAME("What colour was the %s at the start?", "Which colour does the %s have at the start?"),
  CHANGES("What changes about the %s?", "What changed about the %s?", "What about the %s changes?"),
  GROWTH("Does the %s grow or shrink?", "Is the %s growing or shrinking?");

  private final String first;
  private final String more;

  Wording(String first, String... more) {
    this.first = first;
    this.more = String.join("\n", more);
  }

  /** All of them, the plainest first. */
  List<String> all() {
    return more.isEmpty() ? List.of(first) : List.of((first + "\n" + more).split("\n", -1));
  }

  String put(RandomGenerator random, Object... values) {
    List<String> all = all();
    return all.get(random.nextInt(all.size())).formatted(values);
  }
}
