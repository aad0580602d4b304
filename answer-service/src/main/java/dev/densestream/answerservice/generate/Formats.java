package dev.densestream.answerservice.generate;

import dev.densestream.answerservice.AnswerFormat;
import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.format.ChoicePaths;
import dev.densestream.answerservice.format.JsonGrammar;
import dev.densestream.answerservice.format.JsonGuides;
import dev.densestream.answerservice.format.Vocabulary;
import dev.densestream.answerservice.prompt.ConversationTemplate;
import dev.densestream.answerservice.tokenizer.Tokenizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Formats made ready for one tokenizer, the last few of them remembered. Called by askers, so that
 * the engine's thread compiles nothing.
 */
final class Formats {
  private static final int REMEMBERED = 16;

  private final Tokenizer tokenizer;
  private final Set<Integer> stopIds;

  /** What the template writes between a question and its answer. */
  private final String ending;

  private final Map<AnswerFormat, Ready> ready = new LinkedHashMap<>(REMEMBERED, 0.75f, true);
  private @Nullable Vocabulary vocabulary;

  /** A format, made ready. */
  sealed interface Ready {
    /** Any text. */
    record Free() implements Ready {}

    /** By a grammar. The guides are for the engine's thread. */
    record Guided(JsonGuides guides) implements Ready {}

    /** One of some. */
    record Chosen(ChoicePaths paths) implements Ready {}
  }

  Formats(Tokenizer tokenizer, ConversationTemplate template, Set<Integer> stopIds) {
    this.tokenizer = tokenizer;
    this.stopIds = stopIds;
    String question = "?";
    String prompt = template.prompt(List.of(Turn.user(question)), false);
    ending = prompt.substring(prompt.lastIndexOf(question) + question.length());
  }

  synchronized Ready ready(AnswerFormat format) {
    Ready known = ready.get(format);
    if (known == null) {
      known = made(format);
      ready.put(format, known);
      if (ready.size() > REMEMBERED) {
        ready.remove(ready.keySet().iterator().next());
      }
    }
    return known;
  }

  private Ready made(AnswerFormat format) {
    return switch (format) {
      case AnswerFormat.Text _ -> new Ready.Free();
      case AnswerFormat.YesNo _ -> new Ready.Chosen(ChoicePaths.yesNo(this::continued));
      case AnswerFormat.Choices(var choices) ->
          new Ready.Chosen(ChoicePaths.of(choices, this::continued));
      case AnswerFormat.Json(var schema) ->
          new Ready.Guided(new JsonGuides(JsonGrammar.of(schema), vocabulary(), stopIds));
    };
  }

  /** Ids of a text as they follow those of the prompt's end. */
  private List<Integer> continued(String text) {
    List<Integer> before = tokenizer.encode(ending, false);
    List<Integer> all = tokenizer.encode(ending + text, false);
    boolean follows = all.size() > before.size() && all.subList(0, before.size()).equals(before);
    return follows ? all.subList(before.size(), all.size()) : tokenizer.encode(text, false);
  }

  private Vocabulary vocabulary() {
    Vocabulary made = vocabulary;
    if (made == null) {
      made = Vocabulary.of(tokenizer.length(), tokenizer::bytes);
      vocabulary = made;
    }
    return made;
  }
}
