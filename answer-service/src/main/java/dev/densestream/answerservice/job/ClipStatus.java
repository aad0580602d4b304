package dev.densestream.answerservice.job;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How one clip's job stands, as people see it: {@code /schemas/clip-status.json}.
 *
 * @param mediaType of the clip, as its probe found it
 * @param progress of the run under way; starts anew when the job is tried again
 * @param failure why, where it failed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClipStatus(
    String id,
    @Nullable String name,
    String mediaType,
    long sizeBytes,
    @Nullable String question,
    Instant acceptedAt,
    State state,
    Progress progress,
    @Nullable Failure failure) {
  public ClipStatus {
    requireNonNull(id, "id is null");
    requireNonNull(mediaType, "mediaType is null");
    requireNonNull(acceptedAt, "acceptedAt is null");
    requireNonNull(state, "state is null");
    requireNonNull(progress, "progress is null");
  }

  /** Where a job is on its way. */
  public enum State {
    QUEUED,
    RUNNING,
    DONE,
    FAILED;

    /** True when nothing more will come. */
    boolean last() {
      return this == DONE || this == FAILED;
    }

    /** Such as {@code queued}. */
    @JsonValue
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    static State of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * How far.
   *
   * @param fraction of the media, 0 to 1; stays 0 where its length is unknown
   * @param frames looked at so far
   * @param texts captions or answers made so far
   */
  public record Progress(double fraction, long frames, int texts) {
    static final Progress NONE = new Progress(0, 0, 0);
  }

  /** Stable code and one sentence for a person. */
  public record Failure(String code, String detail) {
    public Failure {
      requireNonNull(code, "code is null");
      requireNonNull(detail, "detail is null");
    }
  }

  /** True when nothing more will come. */
  @JsonIgnore
  public boolean terminal() {
    return state.last();
  }

  ClipStatus with(State next, Progress at, @Nullable Failure why) {
    return new ClipStatus(id, name, mediaType, sizeBytes, question, acceptedAt, next, at, why);
  }
}
