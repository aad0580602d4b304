package dev.densestream.answerservice;

import static java.util.Objects.requireNonNull;

import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.TopicRecord;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The terminal record of one (stream or clip, question version, window): there is exactly one,
 * whatever became of the window.
 *
 * @param time when it was made
 */
public record Answer(
    Source source,
    Asked question,
    Window window,
    Outcome outcome,
    Evidence evidence,
    Instant time) {
  public static final String TYPE = "dev.densestream.answer.v1";
  public static final String CONTENT_TYPE = "application/cloudevents+json";

  public Answer {
    requireNonNull(source, "source is null");
    requireNonNull(question, "question is null");
    requireNonNull(window, "window is null");
    requireNonNull(outcome, "outcome is null");
    requireNonNull(evidence, "evidence is null");
    requireNonNull(time, "time is null");
  }

  /** What was watched. */
  public record Source(Kind kind, String id) {
    public Source {
      requireNonNull(kind, "kind is null");
      requireNonNull(id, "id is null");
    }

    public static Source stream(String id) {
      return new Source(Kind.STREAM, id);
    }

    public static Source clip(String id) {
      return new Source(Kind.CLIP, id);
    }

    /** The CloudEvents source, such as {@code /streams/cam-1}. */
    public String path() {
      return "/" + kind.text() + "s/" + id;
    }

    /** Live or recorded. */
    public enum Kind {
      STREAM,
      CLIP;

      public String text() {
        return name().toLowerCase(Locale.ROOT);
      }
    }
  }

  /** The question as it was put. */
  public record Asked(String id, long version, String text) {
    public Asked {
      requireNonNull(id, "id is null");
      requireNonNull(text, "text is null");
    }
  }

  /**
   * Media time {@code [startMicros, endMicros)}.
   *
   * @param capturedAt wall-clock estimate of the start; null for a clip without one
   */
  public record Window(long startMicros, long endMicros, @Nullable Instant capturedAt) {
    public Window {
      if (endMicros < startMicros) {
        throw new IllegalArgumentException(
            "endMicros must be >= startMicros " + startMicros + ": was " + endMicros);
      }
    }
  }

  /** What became of the window. */
  public sealed interface Outcome {
    /** Such as {@code answered}. */
    String text();

    /**
     * The model answered.
     *
     * @param verdict the probabilities, where the question gives choices
     */
    record Answered(
        String answer,
        AnswerEvent.FinishReason reason,
        AnswerEvent.Usage usage,
        Optional<Verdict> verdict)
        implements Outcome {
      public Answered {
        requireNonNull(verdict, "verdict is null");
        requireNonNull(answer, "answer is null");
        requireNonNull(reason, "reason is null");
        requireNonNull(usage, "usage is null");
      }

      @Override
      public String text() {
        return "answered";
      }
    }

    /** Nobody asked the model, on purpose. */
    record Skipped(SkipReason reason) implements Outcome {
      public Skipped {
        requireNonNull(reason, "reason is null");
      }

      @Override
      public String text() {
        return "skipped";
      }
    }

    /** It could not be answered. {@code detail} is one sentence for a person. */
    record Failed(String code, String detail) implements Outcome {
      public Failed {
        requireNonNull(code, "code is null");
        requireNonNull(detail, "detail is null");
      }

      @Override
      public String text() {
        return "failed";
      }
    }
  }

  /** Why a window was skipped. */
  public enum SkipReason {
    /** The stream is in {@code latest} mode and was behind. */
    LAGGING,
    /** A newer version of the question took over. */
    SUPERSEDED,
    /** The question was deleted. */
    WITHDRAWN,
    /** The sampling policy took no frame of the window. */
    NO_FRAMES;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What the answer rests on.
   *
   * @param counts of the frames of all segments that overlap the window; frames outside the window
   *     are gated
   * @param ptsMicros of the frames the model saw, in order
   * @param coverage fraction of the window that was received and decoded
   * @param gaps how many times media was missing between two segments of the window
   * @param input the records it came from; null where no topic is involved
   */
  public record Evidence(
      FrameCounts counts,
      List<Long> ptsMicros,
      double coverage,
      int gaps,
      @Nullable Input input,
      Model model) {
    public Evidence {
      requireNonNull(counts, "counts is null");
      requireNonNull(model, "model is null");
      ptsMicros = List.copyOf(ptsMicros);
      if (!(coverage >= 0 && coverage <= 1)) {
        throw new IllegalArgumentException("coverage must be 0 to 1: was " + coverage);
      }
    }
  }

  /** The records of the segments topic that overlap the window. */
  public record Input(String topic, int partition, long firstOffset, long lastOffset) {
    public Input {
      requireNonNull(topic, "topic is null");
    }
  }

  /** Which model answered, and what people must be told about it. */
  public record Model(String name, String notice) {
    public Model {
      requireNonNull(name, "name is null");
      requireNonNull(notice, "notice is null");
    }
  }

  /**
   * The same for the same source, question version and window, in every run and on every machine:
   * the second line of defence behind transactions, for readers that deduplicate.
   */
  public String id() {
    String coordinates =
        String.join(
            "\n",
            source.path(),
            question.id,
            Long.toString(question.version),
            Long.toString(window.startMicros),
            Long.toString(window.endMicros));
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(coordinates.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The structured CloudEvent. */
  public byte[] toJson() {
    return AnswerJson.write(this);
  }

  /** The record of the answers topic, keyed by stream or clip. */
  public TopicRecord toRecord(String topic) {
    return new TopicRecord(topic, source.id, toJson(), Map.of("content-type", CONTENT_TYPE));
  }
}
