package dev.densestream.answerservice;

import static java.util.Objects.requireNonNull;

/** One turn of a conversation about what is seen. The pictures belong to the first user turn. */
public record Turn(Role role, String text) {
  public Turn {
    requireNonNull(role, "role is null");
    requireNonNull(text, "text is null");
  }

  public static Turn user(String text) {
    return new Turn(Role.USER, text);
  }

  /** Who speaks. */
  public enum Role {
    USER,
    ASSISTANT
  }
}
