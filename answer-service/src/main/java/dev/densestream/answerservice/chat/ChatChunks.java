package dev.densestream.answerservice.chat;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerEvent.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One answer in OpenAI's JSON, whole or in chunks. */
final class ChatChunks {
  private final JsonMapper json;
  private final Head head;
  private final ChatRequest.Delivery delivery;
  private boolean begun;

  /** What every chunk of an answer repeats. */
  record Head(String id, long created, String model) {}

  ChatChunks(JsonMapper json, Head head, ChatRequest.Delivery delivery) {
    this.json = json;
    this.head = head;
    this.delivery = delivery;
  }

  String whole(AnswerEvent.Finished answer) {
    ObjectNode root = root("chat.completion");
    ObjectNode choice = root.putArray("choices").addObject().put("index", 0);
    choice.putObject("message").put("role", "assistant").put("content", answer.text());
    choice.set("logprobs", logprobs(answer)).put("finish_reason", reason(answer));
    root.set("usage", usage(answer.usage()));
    return json.writeValueAsString(root);
  }

  /** The chunks an event becomes; the first one of an answer names the role. */
  List<String> of(AnswerEvent event) {
    List<String> chunks = new ArrayList<>();
    if (!begun) {
      begun = true;
      chunks.add(delta(true, "", json.nullNode(), null));
    }
    switch (event) {
      case AnswerEvent.Begun _ -> {}
      case AnswerEvent.Token(String text) -> chunks.add(delta(false, text, json.nullNode(), null));
      case AnswerEvent.Finished answer -> {
        chunks.add(delta(false, null, logprobs(answer), reason(answer)));
        if (delivery.usage()) {
          ObjectNode last = root("chat.completion.chunk");
          last.putArray("choices");
          last.set("usage", usage(answer.usage()));
          chunks.add(json.writeValueAsString(last));
        }
      }
      case AnswerEvent.Rejected(String detail) -> chunks.add(error("model_busy", detail));
      case AnswerEvent.Failed(String code, String detail) -> chunks.add(error(code, detail));
    }
    return chunks;
  }

  /** Of the choices, each as if it were one token; of other answers nothing is told. */
  private JsonNode logprobs(AnswerEvent.Finished answer) {
    return answer
        .verdict()
        .filter(_ -> delivery.likeliest() >= 0)
        .<JsonNode>map(verdict -> new ChatLogprobs(json, delivery.likeliest()).of(verdict))
        .orElseGet(json::nullNode);
  }

  private String delta(
      boolean first, @Nullable String text, JsonNode logprobs, @Nullable String reason) {
    ObjectNode root = root("chat.completion.chunk");
    ObjectNode choice = root.putArray("choices").addObject().put("index", 0);
    ObjectNode delta = choice.putObject("delta");
    if (first) {
      delta.put("role", "assistant");
    }
    if (text != null) {
      delta.put("content", text);
    }
    choice.set("logprobs", logprobs).put("finish_reason", reason);
    return json.writeValueAsString(root);
  }

  private String error(String code, String detail) {
    ObjectNode root = json.createObjectNode();
    root.putObject("error")
        .put("message", detail)
        .put("type", "server_error")
        .putNull("param")
        .put("code", code);
    return json.writeValueAsString(root);
  }

  private ObjectNode root(String object) {
    return json.createObjectNode()
        .put("id", head.id())
        .put("object", object)
        .put("created", head.created())
        .put("model", head.model());
  }

  private ObjectNode usage(Usage usage) {
    ObjectNode node = json.createObjectNode();
    node.put("prompt_tokens", usage.promptTokens())
        .put("completion_tokens", usage.completionTokens())
        .put("total_tokens", usage.promptTokens() + usage.completionTokens());
    node.putObject("prompt_tokens_details")
        .put("cached_tokens", usage.sharedPrefixTokens())
        .put("visual_tokens", usage.visualTokens());
    return node;
  }

  private static String reason(AnswerEvent.Finished answer) {
    return answer.reason().name().toLowerCase(Locale.ROOT);
  }
}
