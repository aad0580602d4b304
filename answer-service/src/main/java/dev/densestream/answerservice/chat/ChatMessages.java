package dev.densestream.answerservice.chat;

import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.web.ProblemException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * The messages of a request as turns. A system message goes before the first user turn; messages of
 * one role in a row make one turn.
 */
final class ChatMessages {
  private static final int MOST_MESSAGES = 256;
  private static final int MOST_MEDIA = 16;

  /**
   * Of all texts together: 32 for each token of a context of 131,072. They are made into tokens
   * before it is known how many those are.
   */
  private static final int MOST_CHARACTERS = 4 << 20;

  private final List<Turn> turns = new ArrayList<>();
  private final List<ChatMedia> media = new ArrayList<>();
  private String system = "";
  private int characters;

  private ChatMessages() {}

  static ChatMessages of(JsonNode messages) {
    if (!messages.isArray() || messages.isEmpty() || messages.size() > MOST_MESSAGES) {
      throw new IllegalArgumentException(
          "messages must be a list of 1 to " + MOST_MESSAGES + " messages.");
    }
    ChatMessages read = new ChatMessages();
    messages.forEach(read::add);
    if (read.turns.isEmpty()
        || read.turns.getFirst().role() != Turn.Role.USER
        || read.turns.getLast().role() != Turn.Role.USER) {
      throw new IllegalArgumentException("messages must begin and end with the user's.");
    }
    return read;
  }

  List<Turn> turns() {
    List<Turn> all = new ArrayList<>(turns);
    if (!system.isEmpty()) {
      all.set(0, Turn.user(system + "\n" + all.getFirst().text()));
    }
    return all;
  }

  List<ChatMedia> media() {
    return media;
  }

  private void add(JsonNode message) {
    String role = message.path("role").asString("");
    String text = counted(content(message.path("content"), role.equals("user")));
    switch (role) {
      case "system", "developer" -> system = system.isEmpty() ? text : system + "\n" + text;
      case "user" -> add(Turn.Role.USER, text);
      case "assistant" -> add(Turn.Role.ASSISTANT, text);
      default ->
          throw new IllegalArgumentException("role must be system, developer, user or assistant.");
    }
  }

  private String counted(String text) {
    characters = Math.addExact(characters, text.length());
    if (characters > MOST_CHARACTERS) {
      throw ProblemException.badRequest(
          "context_too_long",
          "The messages have more than "
              + MOST_CHARACTERS
              + " characters together; ask with fewer words.");
    }
    return text;
  }

  private void add(Turn.Role role, String text) {
    if (!turns.isEmpty() && turns.getLast().role() == role) {
      turns.set(turns.size() - 1, new Turn(role, turns.getLast().text() + "\n" + text));
    } else {
      turns.add(new Turn(role, text));
    }
  }

  private String content(JsonNode content, boolean user) {
    if (content.isString()) {
      return content.stringValue();
    }
    if (!content.isArray()) {
      throw new IllegalArgumentException("content must be a text or a list of parts.");
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode part : content) {
      String type = part.path("type").asString("");
      if (type.equals("text")) {
        texts.add(text(part.path("text"), "text"));
      } else if (user) {
        add(media(type, part));
      } else {
        throw new IllegalArgumentException("Only the user's messages may hold pictures or videos.");
      }
    }
    return String.join("\n", texts);
  }

  private void add(ChatMedia one) {
    if (media.size() >= MOST_MEDIA) {
      throw new IllegalArgumentException(
          "A request holds at most " + MOST_MEDIA + " pictures and videos.");
    }
    media.add(one);
  }

  private static ChatMedia media(String type, JsonNode part) {
    return switch (type) {
      case "image_url" ->
          new ChatMedia.Picture(data(text(part.path("image_url").path("url"), "image_url.url")));
      case "video_url" -> video(text(part.path("video_url").path("url"), "video_url.url"));
      case "input_video" -> {
        JsonNode input = part.path("input_video");
        yield input.path("data").isString()
            ? new ChatMedia.Video(decoded(input.path("data").stringValue()))
            : video(text(input.path("url"), "input_video.url"));
      }
      default ->
          throw new IllegalArgumentException(
              "A part's type must be text, image_url, video_url or input_video.");
    };
  }

  private static ChatMedia video(String url) {
    String scheme = url.substring(0, Math.min(8, url.length())).toLowerCase(Locale.ROOT);
    return scheme.startsWith("http://") || scheme.startsWith("https://")
        ? new ChatMedia.VideoAt(url)
        : new ChatMedia.Video(data(url));
  }

  private static byte[] data(String url) {
    int comma = url.indexOf(',');
    if (!url.startsWith("data:") || comma < 0 || !url.substring(0, comma).endsWith(";base64")) {
      throw new IllegalArgumentException(
          "A picture must be a data: URL in base64; a video may also be an http(s) URL.");
    }
    return decoded(url.substring(comma + 1));
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64.strip());
    } catch (IllegalArgumentException notBase64) {
      throw new IllegalArgumentException("A picture's or video's data is not valid base64.");
    }
  }

  private static String text(JsonNode node, String name) {
    if (!node.isString()) {
      throw new IllegalArgumentException(name + " must be a text.");
    }
    return node.stringValue();
  }
}
