package dev.densestream.answerservice.web;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.core.ResolvableType;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.codec.multipart.FilePartEvent;
import org.springframework.http.codec.multipart.FormPartEvent;
import org.springframework.http.codec.multipart.PartEvent;
import org.springframework.http.codec.multipart.PartEventHttpMessageReader;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;

/**
 * The bytes of an uploaded clip as they arrive: the body itself, or the file of a form. Nothing is
 * gathered here; what the reader does not ask for stays in the socket.
 */
final class ClipBody {
  private static final int MOST_PARTS = 16;
  private static final int LARGEST_FIELD = 16 * 1024;

  private final ServerHttpRequest request;
  private final Duration idle;

  ClipBody(ServerHttpRequest request, Duration idle) {
    this.request = request;
    this.idle = idle;
  }

  /** True when the form says what to do beside the clip. */
  boolean isForm() {
    return MediaType.MULTIPART_FORM_DATA.isCompatibleWith(MediaTypes.ofBody(request));
  }

  /** What the sender claims the clip is. */
  String contentType() {
    MediaType type = MediaTypes.ofBody(request);
    return type == null ? MediaType.APPLICATION_OCTET_STREAM_VALUE : type.toString();
  }

  OptionalLong declaredBytes() {
    long length = request.getHeaders().getContentLength();
    return length < 0 || isForm() ? OptionalLong.empty() : OptionalLong.of(length);
  }

  /**
   * The clip; fields of a form go to {@code wish}, those behind the file too once it has been read.
   */
  Flux<ByteBuffer> content(ClipWish wish) {
    if (request.getHeaders().getFirst(HttpHeaders.CONTENT_ENCODING) != null) {
      return Flux.error(
          new ProblemException(
              HttpStatus.UNSUPPORTED_MEDIA_TYPE,
              "unsupported_encoding",
              "Send the clip as it is, without Content-Encoding."));
    }
    Flux<ByteBuffer> content = isForm() ? file(wish) : request.getBody().map(ClipBody::take);
    return ArrivingBody.unlessStalled(content, idle);
  }

  private Flux<ByteBuffer> file(ClipWish wish) {
    PartEventHttpMessageReader reader = new PartEventHttpMessageReader();
    reader.setMaxInMemorySize(LARGEST_FIELD);
    Form form = new Form(wish);
    return reader
        .read(ResolvableType.forClass(PartEvent.class), request, Map.of())
        .onErrorMap(
            error -> !(error instanceof ProblemException),
            _ -> ProblemException.badRequest("malformed_form", "The form's parts are malformed."))
        .handle(form::part);
  }

  /** One form as it comes in. */
  private static final class Form {
    private final ClipWish wish;
    private final AtomicInteger parts = new AtomicInteger();
    private boolean fileSeen;

    Form(ClipWish wish) {
      this.wish = wish;
    }

    void part(PartEvent event, SynchronousSink<ByteBuffer> sink) {
      if (event instanceof FormPartEvent field) {
        wish.put(field.name(), field.value());
        ended(field, sink);
      } else if (event instanceof FilePartEvent file && !fileSeen) {
        wish.put("name", file.filename());
        fileSeen = file.isLast();
        sink.next(take(file.content()));
        ended(file, sink);
      } else {
        DataBufferUtils.release(event.content());
        sink.error(ProblemException.badRequest("too_many_parts", "Send one file per form."));
      }
    }

    private void ended(PartEvent event, SynchronousSink<ByteBuffer> sink) {
      if (event.isLast() && parts.incrementAndGet() > MOST_PARTS) {
        sink.error(
            ProblemException.badRequest(
                "too_many_parts", "A form has at most " + MOST_PARTS + " parts."));
      }
    }
  }

  /** A copy of our own: the store hashes and writes on another thread. */
  static ByteBuffer take(DataBuffer buffer) {
    ByteBuffer copy = ByteBuffer.allocate(buffer.readableByteCount());
    buffer.toByteBuffer(copy);
    DataBufferUtils.release(buffer);
    return copy;
  }
}
