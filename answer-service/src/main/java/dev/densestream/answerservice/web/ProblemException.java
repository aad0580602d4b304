package dev.densestream.answerservice.web;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * A request that is answered with a problem document.
 *
 * <p>The code is stable and documented; the message is one sentence for a person, which names the
 * input and what to do, and never repeats library text.
 */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final HttpStatus status;
  private final String code;
  private final @Nullable Duration retryAfter;

  public ProblemException(HttpStatus status, String code, String detail) {
    this(status, code, detail, null);
  }

  private ProblemException(
      HttpStatus status, String code, String detail, @Nullable Duration retryAfter) {
    super(requireNonNull(detail, "detail is null"), null, false, false);
    this.status = requireNonNull(status, "status is null");
    this.code = requireNonNull(code, "code is null");
    this.retryAfter = retryAfter;
  }

  /** 400. */
  public static ProblemException badRequest(String code, String detail) {
    return new ProblemException(HttpStatus.BAD_REQUEST, code, detail);
  }

  /** 404. */
  public static ProblemException notFound(String what, String id) {
    return new ProblemException(
        HttpStatus.NOT_FOUND, "not_found", "There is no " + what + " " + id + ".");
  }

  /** 429: this many are enough for now. */
  public static ProblemException tooMany(String code, String detail, Duration retryAfter) {
    return new ProblemException(HttpStatus.TOO_MANY_REQUESTS, code, detail, retryAfter);
  }

  /** 507: there is no room, perhaps later. */
  static ProblemException full(String code, String detail, Duration retryAfter) {
    return new ProblemException(HttpStatus.INSUFFICIENT_STORAGE, code, detail, retryAfter);
  }

  /** 503: not now. */
  public static ProblemException unavailable(String code, String detail, Duration retryAfter) {
    return new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, code, detail, retryAfter);
  }

  HttpStatus status() {
    return status;
  }

  /** Such as {@code too_many_clips}. */
  public String code() {
    return code;
  }

  Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  String detail() {
    return requireNonNull(getMessage(), "message is null");
  }
}
