package dev.densestream.answerservice.prompt;

import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.prompt.ConversationTemplate.Roles;
import dev.densestream.answerservice.prompt.ConversationTemplate.Separators;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The templates of conversation-templates.json, read once. */
final class Templates {
  private static final String RESOURCE = "conversation-templates.json";
  private static final Map<String, ConversationTemplate> BY_NAME = read();

  private Templates() {}

  static ConversationTemplate named(String name) {
    ConversationTemplate template = BY_NAME.get(name);
    if (template == null) {
      throw new IllegalArgumentException(
          "conversation template " + name + " is not known; use one of " + names());
    }
    return template;
  }

  static List<String> names() {
    return List.copyOf(BY_NAME.keySet());
  }

  private static Map<String, ConversationTemplate> read() {
    try (@Nullable InputStream in = Templates.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing from the jar");
      }
      Map<String, ConversationTemplate> templates = new TreeMap<>();
      JsonMapper.shared()
          .readTree(in)
          .properties()
          .forEach(e -> templates.put(e.getKey(), template(e.getKey(), e.getValue())));
      return templates;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ConversationTemplate template(String name, JsonNode json) {
    JsonNode roles = json.path("roles");
    return new ConversationTemplate(
        name,
        json.path("system").asString(),
        new Roles(roles.path(0).asString(), roles.path(1).asString()),
        new Separators(
            SeparatorStyle.valueOf(json.path("style").asString()),
            json.path("sep").asString(),
            json.has("sep2") ? json.path("sep2").asString() : null,
            json.path("version").asString()),
        opening(json.path("opening")));
  }

  private static List<Turn> opening(JsonNode texts) {
    List<Turn> turns = new ArrayList<>();
    for (JsonNode text : texts) {
      Turn.Role role = turns.size() % 2 == 0 ? Turn.Role.USER : Turn.Role.ASSISTANT;
      turns.add(new Turn(role, text.asString()));
    }
    return turns;
  }
}
