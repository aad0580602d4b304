package dev.densestream.endtoend.restart;

import dev.densestream.ingest.StoredRecord;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a reader of the answers topic sees of one answer. */
record Observed(String id, String stream, String question, long startMicros, String outcome) {
  static Observed of(StoredRecord record) {
    JsonNode event = JsonMapper.shared().readTree(record.value());
    JsonNode body = event.path("data");
    return new Observed(
        event.path("id").stringValue(),
        body.path("stream").stringValue(),
        event.path("subject").stringValue(),
        body.path("window").path("startMicros").longValue(),
        body.path("outcome").stringValue());
  }

  /** Of which there must be exactly one. */
  String coordinates() {
    return stream + " " + question + " " + startMicros;
  }
}
