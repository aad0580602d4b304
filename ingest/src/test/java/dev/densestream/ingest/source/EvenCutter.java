package dev.densestream.ingest.source;

import dev.densestream.ingest.Media;
import dev.densestream.ingest.PtsRange;
import dev.densestream.ingest.SegmentCutter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;

/** Three bytes of the file are one piece. */
final class EvenCutter implements SegmentCutter {
  private static final int PIECE = 3;
  final AtomicLong given = new AtomicLong();
  final AtomicLong cuts = new AtomicLong();
  boolean aligned = true;
  boolean empty;
  private int failAfter = Integer.MAX_VALUE;
  private RuntimeException failure = new IllegalStateException();

  void failAfter(int pieces, RuntimeException error) {
    failAfter = pieces;
    failure = error;
  }

  void heal() {
    failAfter = Integer.MAX_VALUE;
  }

  @Override
  public Flux<Piece> cut(Media media, long targetMicros) {
    cuts.incrementAndGet();
    return empty
        ? Flux.empty()
        : Flux.generate(
            () -> 0, (index, sink) -> emit((Media.File) media, targetMicros, index, sink));
  }

  private int emit(Media.File media, long targetMicros, int index, SynchronousSink<Piece> sink) {
    byte[] bytes = read(media);
    if (index >= failAfter) {
      sink.error(failure);
    } else if (index * PIECE >= bytes.length) {
      sink.complete();
    } else {
      given.incrementAndGet();
      PtsRange range = new PtsRange(index * targetMicros, (index + 1) * targetMicros);
      byte[] piece = Arrays.copyOfRange(bytes, index * PIECE, (index + 1) * PIECE);
      sink.next(new Piece(range, "video/mp4", new Media.Bytes(piece), aligned));
    }
    return index + 1;
  }

  private static byte[] read(Media.File media) {
    try {
      return Files.readAllBytes(media.path());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
