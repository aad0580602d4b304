package dev.densestream.trainer.language;

import java.util.Locale;

/** What a question is about; each is measured alone. */
public enum QuestionType {
  COLOUR,
  SHAPE,
  COUNT,
  POSITION,
  DIRECTION,
  ORDER,
  PRESENCE,
  CHANGE,
  /** Whether something moves. */
  MOTION,
  /** Nothing in the picture tells: the answer is that one does not know. */
  UNKNOWN;

  /** As in question files, such as {@code colour}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
