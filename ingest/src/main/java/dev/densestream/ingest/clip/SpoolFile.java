package dev.densestream.ingest.clip;

import dev.densestream.ingest.MediaRefusedException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.function.LongConsumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A body on its way to disk: counted, hashed, and gone again unless it arrives whole. Nothing of it
 * is kept in memory but the few buffers under way.
 */
public final class SpoolFile {
  private static final int BUFFERS_AHEAD = 8;

  private final Path path;
  private final OutputStream out;
  private final MessageDigest sha256;
  private long size;
  private boolean closed;

  private SpoolFile(Path path) throws IOException {
    this.path = path;
    this.sha256 = newSha256();
    // Not a channel: interrupting its writer on cancel would close it under the write.
    this.out = new FileOutputStream(path.toFile());
  }

  /**
   * What became of a body that arrived whole.
   *
   * @param sha256 lower-case hex
   */
  public record Written(Path path, long sizeBytes, String sha256) {}

  /**
   * Writes the body to a fresh file in {@code folder}, then lets {@code finish} take the file over.
   * On error or cancel, {@code finish} included, the file is deleted.
   *
   * @param body buffers are handed over: their source must not reuse them
   * @param admit called with the total size before it grows to that; throws to refuse
   */
  public static <T> Mono<T> write(
      Flux<ByteBuffer> body, Path folder, LongConsumer admit, Function<Written, T> finish) {
    return Mono.usingWhen(
        Mono.fromCallable(() -> create(folder)).subscribeOn(Schedulers.boundedElastic()),
        spool ->
            body.publishOn(Schedulers.boundedElastic(), BUFFERS_AHEAD)
                .doOnNext(buffer -> spool.append(buffer, admit))
                .then(Mono.fromCallable(() -> finish.apply(spool.complete()))),
        _ -> Mono.empty(),
        (spool, _) -> Mono.fromRunnable(spool::discard),
        spool -> Mono.fromRunnable(spool::discard));
  }

  private static SpoolFile create(Path folder) throws IOException {
    Files.createDirectories(folder);
    return new SpoolFile(Files.createTempFile(folder, "spool-", ".part"));
  }

  private synchronized void append(ByteBuffer buffer, LongConsumer admit) {
    if (closed) {
      return; // cancelled while this buffer was under way
    }
    admit.accept(size + buffer.remaining());
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw refusal(e);
    }
    sha256.update(bytes);
    size += bytes.length;
  }

  private synchronized Written complete() {
    closed = true;
    try {
      out.close();
    } catch (IOException e) {
      throw refusal(e);
    }
    return new Written(path, size, HexFormat.of().formatHex(sha256.digest()));
  }

  private synchronized void discard() {
    closed = true;
    try (out) {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("could not delete scratch file " + path, e);
    }
  }

  /** The one disk fault with a code of its own is a full disk; Java tells it by its text only. */
  private static RuntimeException refusal(IOException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("No space left") || message.contains("quota exceeded")) {
      return new MediaRefusedException(
          "no_space", "There is no space left on the disk for this clip; try again later.");
    }
    return new UncheckedIOException("could not write a scratch file", e);
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
