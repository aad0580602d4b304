package dev.densestream.answerservice.prompt;

import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.prompt.ConversationTemplate.Separators;
import java.util.List;
import java.util.stream.Stream;

/** Writes a prompt in a template's style, ending where the assistant is to speak. */
final class PromptWriter {
  private final ConversationTemplate template;
  private final Separators separators;
  private final StringBuilder prompt = new StringBuilder();

  PromptWriter(ConversationTemplate template) {
    this.template = template;
    separators = template.separators();
  }

  String write(List<Turn> asked) {
    List<Turn> turns = Stream.concat(template.opening().stream(), asked.stream()).toList();
    switch (separators.style()) {
      case SINGLE, TWO -> named(turns);
      case MPT, LLAMA_3 -> headed(turns);
      case LLAMA_2 -> instructed(turns);
      case PLAIN -> plain(turns);
    }
    return prompt.toString();
  }

  private void named(List<Turn> turns) {
    prompt.append(template.system()).append(separators.first());
    for (Turn turn : turns) {
      prompt.append(role(turn)).append(": ").append(turn.text()).append(separators.after(turn));
    }
    prompt.append(template.roles().assistant()).append(':');
  }

  private void headed(List<Turn> turns) {
    prompt.append(template.system()).append(separators.first());
    for (Turn turn : turns) {
      prompt.append(role(turn)).append(turn.text()).append(separators.first());
    }
    prompt.append(template.roles().assistant());
  }

  private void instructed(List<Turn> turns) {
    for (int i = 0; i < turns.size(); i++) {
      Turn turn = turns.get(i);
      if (turn.role() == Turn.Role.ASSISTANT) {
        prompt.append(' ').append(turn.text()).append(' ').append(separators.after(turn));
      } else {
        // The prompt starts without the separator; the original takes it off again.
        prompt.append(i == 0 ? "" : separators.first());
        prompt.append("[INST] ").append(i == 0 ? system() : "").append(turn.text());
        prompt.append(" [/INST]");
      }
    }
  }

  private String system() {
    return template.system().isEmpty() ? "" : "<<SYS>>\n" + template.system() + "\n<</SYS>>\n\n";
  }

  private void plain(List<Turn> turns) {
    if (turns.size() > 1) {
      throw new IllegalArgumentException(
          "template " + template.name() + " holds one question only; use another template");
    }
    prompt.append(template.system());
    turns.forEach(turn -> prompt.append(turn.text()).append(separators.first()));
  }

  private String role(Turn turn) {
    return turn.role() == Turn.Role.USER ? template.roles().user() : template.roles().assistant();
  }
}
