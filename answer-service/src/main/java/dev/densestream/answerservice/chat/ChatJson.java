package dev.densestream.answerservice.chat;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.GenerationSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a chat completion request. What is not understood but would change the answer is refused;
 * what would not is ignored, as clients send much.
 */
final class ChatJson {
  private static final int DEFAULT_MAX_TOKENS = 256;
  private static final int MOST_TOKENS = 4096;
  private static final int MOST_STOPS = 4;
  private static final int MOST_FRAMES = 64;
  private static final int MOST_LOGPROBS = 20;

  private final JsonMapper json;

  ChatJson(JsonMapper json) {
    this.json = requireNonNull(json, "json is null");
  }

  /**
   * Reads a request.
   *
   * @throws IllegalArgumentException in words fit for a person
   * @throws dev.densestream.answerservice.web.ProblemException where the refusal has a code of its
   *     own
   */
  ChatRequest parse(byte[] body) {
    JsonNode root;
    try {
      root = json.readTree(body);
    } catch (JacksonException notJson) {
      throw new IllegalArgumentException("The request is not valid JSON.");
    }
    refuseUnsupported(root);
    ChatMessages messages = ChatMessages.of(root.path("messages"));
    return new ChatRequest(
        root.path("model").asString(""),
        messages.turns(),
        messages.media(),
        generation(root),
        new ChatRequest.Sight(framesPerVideo(root), mostTokens(root)),
        new ChatRequest.Delivery(
            flag(root, "stream"),
            flag(root.path("stream_options"), "include_usage"),
            flag(root, "logprobs")
                ? (int) integer(root, "top_logprobs", 0, 0, MOST_LOGPROBS)
                : -1));
  }

  private static void refuseUnsupported(JsonNode root) {
    if (!root.isObject()) {
      throw new IllegalArgumentException("The request must be a JSON object.");
    }
    if (root.path("n").asInt(1) != 1) {
      throw new IllegalArgumentException("n must be 1: one answer is given at a time.");
    }
    if (root.path("tools").size() > 0) {
      throw new IllegalArgumentException("tools must be empty: the model calls none.");
    }
  }

  private static GenerationSettings generation(JsonNode root) {
    int maxTokens =
        (int)
            integer(
                root,
                root.hasNonNull("max_completion_tokens") ? "max_completion_tokens" : "max_tokens",
                DEFAULT_MAX_TOKENS,
                1,
                MOST_TOKENS);
    // Not OpenAI's default of 1: an answer about a picture should be the same twice.
    double temperature = decimal(root, "temperature", 0, 0, 2);
    double topP = decimal(root, "top_p", 1, Double.MIN_NORMAL, 1);
    long seed =
        root.hasNonNull("seed")
            ? integer(root, "seed", 0, Long.MIN_VALUE, Long.MAX_VALUE)
            : ThreadLocalRandom.current().nextLong();
    return new GenerationSettings(
        maxTokens, temperature, topP, seed, stops(root.path("stop")), ChatFormat.of(root));
  }

  private static List<String> stops(JsonNode stop) {
    List<String> stops = new ArrayList<>();
    if (stop.isString()) {
      stops.add(stop.stringValue());
    } else if (stop.isArray()) {
      stop.forEach(
          one -> {
            if (!one.isString()) {
              throw new IllegalArgumentException("stop must be a string or a list of strings.");
            }
            stops.add(one.stringValue());
          });
    } else if (!stop.isMissingNode() && !stop.isNull()) {
      throw new IllegalArgumentException("stop must be a string or a list of strings.");
    }
    if (stops.size() > MOST_STOPS || stops.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException("stop must be at most 4 texts, none of them empty.");
    }
    return stops;
  }

  private static int framesPerVideo(JsonNode root) {
    return (int)
        integer(root.path("media_io_kwargs").path("video"), "num_frames", 0, 1, MOST_FRAMES);
  }

  private static int mostTokens(JsonNode root) {
    int most = Integer.MAX_VALUE;
    return (int) integer(root.path("mm_processor_kwargs"), "max_visual_tokens", most, 1, most);
  }

  private static boolean flag(JsonNode root, String field) {
    JsonNode value = root.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return false;
    }
    if (!value.isBoolean()) {
      throw new IllegalArgumentException(field + " must be true or false.");
    }
    return value.booleanValue();
  }

  private static long integer(JsonNode root, String field, long absent, long least, long most) {
    JsonNode value = root.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < least
        || value.longValue() > most) {
      throw new IllegalArgumentException(
          field + " must be a whole number from " + least + " to " + most + ".");
    }
    return value.longValue();
  }

  private static double decimal(
      JsonNode root, String field, double absent, double least, double most) {
    JsonNode value = root.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    if (!value.isNumber() || value.doubleValue() < least || value.doubleValue() > most) {
      throw new IllegalArgumentException(
          field + " must be a number" + (least > 0 ? " above 0" : " from 0") + " to " + most + ".");
    }
    return value.doubleValue();
  }
}
