package dev.densestream.answerservice;

import dev.densestream.answerservice.Answer.Evidence;
import dev.densestream.answerservice.Answer.Outcome;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes an {@link Answer} as a structured CloudEvent; {@code /schemas/answer.json} is its form.
 */
final class AnswerJson {
  private AnswerJson() {}

  static byte[] write(Answer answer) {
    ObjectNode event = JsonFields.newObject();
    event
        .put("specversion", "1.0")
        .put("id", answer.id())
        .put("source", answer.source().path())
        .put("type", Answer.TYPE)
        .put("subject", answer.question().id())
        .put("time", answer.time().toString())
        .put("datacontenttype", "application/json")
        .put("dataschema", "/schemas/answer.json");
    writeBody(event.putObject("data"), answer);
    return JsonFields.bytes(event);
  }

  private static void writeBody(ObjectNode body, Answer answer) {
    body.put("outcome", answer.outcome().text());
    body.put(answer.source().kind().text(), answer.source().id());
    body.putObject("question")
        .put("id", answer.question().id())
        .put("version", answer.question().version())
        .put("text", answer.question().text());
    ObjectNode window = body.putObject("window");
    window
        .put("startMicros", answer.window().startMicros())
        .put("endMicros", answer.window().endMicros());
    if (answer.window().capturedAt() != null) {
      window.put("capturedAt", answer.window().capturedAt().toString());
    }
    writeOutcome(body, answer.outcome());
    writeEvidence(body, answer.evidence());
  }

  private static void writeOutcome(ObjectNode body, Outcome outcome) {
    switch (outcome) {
      case Outcome.Answered(String text, var reason, var usage, var verdict) -> {
        body.put("text", text).put("finishReason", reason.name().toLowerCase(Locale.ROOT));
        body.putObject("usage")
            .put("promptTokens", usage.promptTokens())
            .put("visualTokens", usage.visualTokens())
            .put("sharedPrefixTokens", usage.sharedPrefixTokens())
            .put("completionTokens", usage.completionTokens())
            .put("timeToFirstTokenMicros", usage.timeToFirstTokenMicros())
            .put("totalMicros", usage.totalMicros());
        verdict.ifPresent(known -> writeVerdict(body, known));
      }
      case Outcome.Skipped(var reason) -> body.put("reason", reason.text());
      case Outcome.Failed(String code, String detail) ->
          body.put("code", code).put("detail", detail);
    }
  }

  private static void writeVerdict(ObjectNode body, Verdict verdict) {
    body.put("choice", verdict.best().choice());
    ObjectNode probabilities = body.putObject("probabilities");
    verdict.shares().forEach(share -> probabilities.put(share.choice(), share.probability()));
  }

  private static void writeEvidence(ObjectNode body, Evidence evidence) {
    ObjectNode frames = body.putObject("frames");
    frames
        .put("seen", evidence.counts().seen())
        .put("sampled", evidence.counts().sampled())
        .put("gated", evidence.counts().gated());
    ObjectNode dropped = frames.putObject("dropped");
    evidence
        .counts()
        .dropped()
        .forEach((reason, count) -> dropped.put(reason.name().toLowerCase(Locale.ROOT), count));
    ArrayNode pts = frames.putArray("ptsMicros");
    evidence.ptsMicros().forEach(pts::add);
    if (evidence.input() != null) {
      body.putObject("input")
          .put("topic", evidence.input().topic())
          .put("partition", evidence.input().partition())
          .put("firstOffset", evidence.input().firstOffset())
          .put("lastOffset", evidence.input().lastOffset());
    }
    body.putObject("model")
        .put("name", evidence.model().name())
        .put("notice", evidence.model().notice());
    body.put("coverage", evidence.coverage()).put("gaps", evidence.gaps());
  }
}
