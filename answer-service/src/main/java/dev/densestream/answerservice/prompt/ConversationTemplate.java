package dev.densestream.answerservice.prompt;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.Turn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a conversation is written for a model.
 *
 * @param opening turns every conversation starts with, before the user's first
 * @param separators between parts
 */
public record ConversationTemplate(
    String name, String system, Roles roles, Separators separators, List<Turn> opening) {
  /** What the original puts where the pictures go. */
  public static final String IMAGE = "<image>";

  /** What stands before a turn's text. */
  public record Roles(String user, String assistant) {
    public Roles {
      requireNonNull(user, "user is null");
      requireNonNull(assistant, "assistant is null");
    }
  }

  /**
   * What stands between parts.
   *
   * @param second after the assistant's turns, where the style tells them apart
   */
  public record Separators(
      SeparatorStyle style, String first, @Nullable String second, String version) {
    public Separators {
      requireNonNull(style, "style is null");
      requireNonNull(first, "first is null");
    }

    String after(Turn turn) {
      return turn.role() == Turn.Role.USER || second == null ? first : second;
    }
  }

  public ConversationTemplate {
    requireNonNull(name, "name is null");
    requireNonNull(system, "system is null");
    opening = List.copyOf(opening);
  }

  /**
   * The template of that name.
   *
   * @throws IllegalArgumentException listing the names, when there is none
   */
  public static ConversationTemplate named(String name) {
    return Templates.named(name);
  }

  /** Names of all templates, in alphabetical order. */
  public static List<String> names() {
    return Templates.names();
  }

  /** Text that ends an answer; empty for none. */
  public String stopText() {
    String second = separators.second();
    return separators.style() == SeparatorStyle.TWO && second != null ? second : separators.first();
  }

  /**
   * The prompt for the assistant's next turn.
   *
   * @param turns alternating, first and last by the user
   * @param pictures whether the first turn is about pictures
   * @throws IllegalArgumentException when the turns do not alternate so, or the template cannot
   *     hold them
   */
  public String prompt(List<Turn> turns, boolean pictures) {
    Turns.check(turns);
    return new PromptWriter(this).write(Turns.withPictures(turns, pictures));
  }
}
