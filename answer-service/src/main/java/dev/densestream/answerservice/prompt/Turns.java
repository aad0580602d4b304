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
      String text = withoutPlaceholders(turn.text());
      boolean first = written.isEmpty() && pictures;
      written.add(new Turn(turn.role(), first ? ConversationTemplate.IMAGE + "\n" + text : text));
    }
    return written;
  }

  /** None is left, also none that appears where one between its halves was dropped. */
  private static String withoutPlaceholders(String text) {
    String placeholder = ConversationTemplate.IMAGE;
    char last = placeholder.charAt(placeholder.length() - 1);
    StringBuilder kept = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      kept.append(text.charAt(i));
      int start = kept.length() - placeholder.length();
      if (text.charAt(i) == last && start >= 0 && kept.indexOf(placeholder, start) == start) {
        kept.setLength(start);
      }
    }
    return kept.toString();
  }
}
