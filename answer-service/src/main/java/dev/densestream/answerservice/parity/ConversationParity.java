package dev.densestream.answerservice.parity;

import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.prompt.ConversationTemplate;
import dev.densestream.framesampler.ParityResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Kind {@code conversation}: every template's fields and stop text, and every prompt, exactly. */
final class ConversationParity {
  private static final String KIND = "conversation";

  private ConversationParity() {}

  static List<ParityResult> run(Path folder) {
    JsonNode file = Fixtures.json(folder.resolve("case.json"));
    List<ParityResult> results = new ArrayList<>();
    file.path("templates")
        .properties()
        .forEach(e -> results.add(template(e.getKey(), e.getValue())));
    int row = 0;
    for (JsonNode prompt : file.path("prompts")) {
      results.add(prompt(prompt, "prompt " + row++));
    }
    return results;
  }

  private static ParityResult template(String name, JsonNode expected) {
    if (!ConversationTemplate.names().contains(name)) {
      return ParityResult.exact(KIND, name, false, "template is not known");
    }
    ConversationTemplate template = ConversationTemplate.named(name);
    JsonNode second = expected.path("sep2");
    List<Object> actual = new ArrayList<>();
    actual.add(template.system());
    actual.add(List.of(template.roles().user(), template.roles().assistant()));
    actual.add(template.separators().style().name());
    actual.add(template.separators().first());
    actual.add(String.valueOf(template.separators().second()));
    actual.add(template.separators().version());
    actual.add(template.stopText());
    actual.add(template.opening().size());
    List<Object> wanted = new ArrayList<>();
    wanted.add(expected.path("system").asString());
    wanted.add(
        List.of(
            expected.path("roles").path(0).asString(), expected.path("roles").path(1).asString()));
    wanted.add(expected.path("sep_style").asString());
    wanted.add(expected.path("sep").asString());
    wanted.add(second.isNull() ? "null" : second.asString());
    wanted.add(expected.path("version").asString());
    wanted.add(expected.path("stop_string").asString());
    wanted.add(expected.path("offset").asInt());
    return exact(name, actual, wanted);
  }

  private static ParityResult prompt(JsonNode row, String name) {
    List<Turn> turns = new ArrayList<>();
    for (JsonNode pair : row.path("history")) {
      turns.add(Turn.user(pair.path(0).asString()));
      turns.add(new Turn(Turn.Role.ASSISTANT, pair.path(1).asString()));
    }
    turns.add(Turn.user(row.path("question").asString()));
    String template = row.path("template").asString();
    return exact(
        name + " " + template,
        ConversationTemplate.named(template).prompt(turns, true),
        row.path("prompt").asString());
  }

  private static ParityResult exact(String name, Object actual, Object expected) {
    return ParityResult.exact(
        KIND, name, actual.equals(expected), "was " + actual + ", expected " + expected);
  }
}
