package dev.densestream.answerservice.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** The media types a request names; what is none is the sender's fault, not ours. */
final class MediaTypes {
  private MediaTypes() {}

  /** What the body is said to be; null where nothing is said. Throws 415. */
  static @Nullable MediaType ofBody(ServerHttpRequest request) {
    try {
      return request.getHeaders().getContentType();
    } catch (InvalidMediaTypeException malformed) {
      throw new ProblemException(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          "unsupported_media_type",
          "Content-Type must be a media type, such as application/json.");
    }
  }

  /** What may be answered. Throws 406. */
  static List<MediaType> accepted(ServerHttpRequest request) {
    try {
      return request.getHeaders().getAccept();
    } catch (InvalidMediaTypeException malformed) {
      throw new ProblemException(
          HttpStatus.NOT_ACCEPTABLE,
          "not_acceptable",
          "Accept must be a list of media types, such as application/json.");
    }
  }
}
