package dev.densestream.answerservice.web;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.springframework.http.HttpStatus;
import reactor.core.publisher.Flux;

/** A request's body on its way in. */
final class ArrivingBody {
  private ArrivingBody() {}

  /** Ends with 408 once nothing has arrived for so long. */
  static <T> Flux<T> unlessStalled(Flux<T> body, Duration idle) {
    return body.timeout(idle)
        .onErrorMap(
            TimeoutException.class,
            _ ->
                new ProblemException(
                    HttpStatus.REQUEST_TIMEOUT,
                    "body_stalled",
                    "Nothing of the body arrived for " + idle.toSeconds() + " s."));
  }
}
