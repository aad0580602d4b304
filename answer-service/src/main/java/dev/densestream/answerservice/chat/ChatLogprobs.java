package dev.densestream.answerservice.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.densestream.answerservice.Verdict;
import java.util.Comparator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * OpenAI's {@code logprobs} of a verdict: one token, the choice, and the likeliest ones beside it.
 */
final class ChatLogprobs {
  /** What OpenAI writes for what is as good as impossible. */
  private static final double LEAST = -9999;

  private final JsonMapper json;
  private final int likeliest;

  ChatLogprobs(JsonMapper json, int likeliest) {
    this.json = json;
    this.likeliest = likeliest;
  }

  ObjectNode of(Verdict verdict) {
    ObjectNode logprobs = json.createObjectNode();
    ObjectNode token = write(verdict.best(), logprobs.putArray("content").addObject());
    ArrayNode top = token.putArray("top_logprobs");
    verdict.shares().stream()
        .sorted(Comparator.comparingDouble(Verdict.Share::probability).reversed())
        .limit(likeliest)
        .forEach(share -> write(share, top.addObject()));
    logprobs.putNull("refusal");
    return logprobs;
  }

  private static ObjectNode write(Verdict.Share share, ObjectNode to) {
    double logprob = share.probability() == 0 ? LEAST : Math.log(share.probability());
    to.put("token", share.choice()).put("logprob", logprob);
    ArrayNode bytes = to.putArray("bytes");
    for (byte each : share.choice().getBytes(UTF_8)) {
      bytes.add(each & 0xFF);
    }
    return to;
  }
}
