package dev.densestream.answerservice.prompt;

import dev.densestream.answerservice.Turn;
import java.util.ArrayList;
import java.util.List;

/** What must hold of the turns of a conversation. */
final class Turns {
  private Turns() {}

  static void check(List<Turn> turns) {
    for (int i = 0; i < turns.size(); i++) {
      Turn.Role expected = i % 2 == 0 ? Turn.Role.USER : Turn.Role.ASSISTANT;
      if (turns.get(i).role() != expected) {
        throw new IllegalArgumentException(
            "turns must alternate, the user's first: turn " + (i + 1) + " is not the " + expected);
      }
    }
    if (turns.size() % 2 == 0) {
      throw new IllegalArgumentException("the last turn must be the user's");
    }
  }

  /** Placeholders written by people are dropped: only the first turn may hold one, ours. */
  static List<Turn> withPictures(List<Turn> turns, boolean pictures) {
    List<Turn> written = new ArrayList<>();
    for (Turn turn : turns) {
      String text = turn.text().replace(ConversationTemplate.IMAGE, "");
      boolean first = written.isEmpty() && pictures;
      written.add(new Turn(turn.role(), first ? ConversationTemplate.IMAGE + "\n" + text : text));
    }
    return written;
  }
}
