package dev.densestream.answerservice.web;

import dev.densestream.answerservice.VisualBudget;
import dev.densestream.answerservice.job.ClipJob;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a sender wants of a clip, field by field: from the query, from the fields of a form, or from
 * JSON.
 */
public final class ClipWish {
  static final Set<String> FIELDS =
      Set.of("name", "question", "windowMillis", "maxTokens", "maxVisualTokens");
  private static final int LONGEST_NAME = 120;

  private final Map<String, String> fields = new HashMap<>();

  /** Fields that mean nothing here are left alone. */
  public synchronized void put(String field, @Nullable String value) {
    if (value != null && FIELDS.contains(field)) {
      fields.put(field, value);
    }
  }

  /** What the sender calls the clip, fit to be shown; never a path. */
  synchronized @Nullable String name() {
    String name = fields.get("name");
    if (name == null) {
      return null;
    }
    String shown = name.replaceAll("[\\p{Cntrl}\\p{Cf}]", "").strip();
    return shown.isEmpty() ? null : shown.substring(0, Math.min(LONGEST_NAME, shown.length()));
  }

  /** The job. @throws ProblemException 400 when a field is out of range */
  synchronized ClipJob job(String clip, Instant now) {
    try {
      return new ClipJob(
          clip,
          fields.get("question"),
          number("windowMillis", ClipJob.DEFAULT_WINDOW_MILLIS),
          number("maxTokens", ClipJob.DEFAULT_MAX_TOKENS),
          number("maxVisualTokens", VisualBudget.UNBOUNDED),
          now,
          1);
    } catch (IllegalArgumentException refused) {
      String message = refused.getMessage();
      throw ProblemException.badRequest(
          "invalid_request", message == null ? "The request is malformed." : message);
    }
  }

  private int number(String field, int absent) {
    String text = fields.get(field);
    if (text == null) {
      return absent;
    }
    if (!text.matches("\\d{1,9}")) {
      throw new IllegalArgumentException(field + " must be a whole number");
    }
    return Integer.parseInt(text);
  }
}
