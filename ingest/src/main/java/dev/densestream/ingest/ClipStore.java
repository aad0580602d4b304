package dev.densestream.ingest;

import dev.densestream.ingest.clip.DiskClipStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The clips people uploaded, in a folder, until they are deleted or expire. */
public interface ClipStore extends AutoCloseable {
  /**
   * Takes over the folder, sweeps out what an earlier process left unfinished, and finds the clips
   * it stored.
   *
   * @throws IllegalStateException when another store has the folder open, unless both share it
   */
  static ClipStore open(ClipSettings settings, MeterRegistry meters) {
    return DiskClipStore.open(settings, meters, Clock.systemUTC());
  }

  /**
   * Streams a clip to disk. Nothing is left of it on error or cancel.
   *
   * <p>Ends with a {@link MediaRefusedException} of code {@code too_large} as soon as the limit is
   * crossed, {@code no_space} when the store or its disk is full, {@code not_a_video} when the
   * content is empty.
   *
   * @param content buffers are handed over: their source must not reuse them
   */
  Mono<StoredClip> store(Flux<ByteBuffer> content, ClipUpload upload);

  /** Reads a file where the folder is shared. */
  Optional<StoredClip> find(String id);

  /** All clips, oldest first. Reads files where the folder is shared. */
  List<StoredClip> list();

  /** True when there was such a clip. */
  Mono<Boolean> delete(String id);

  /**
   * Removes the clips that are too old, and then the oldest until nine tenths of the store's limit
   * hold the rest. Emits the ids removed.
   *
   * @param keep ids of clips still to be worked on: they stay
   */
  Mono<List<String>> expire(Set<String> keep);

  /** Gives the folder back; clips stay in it. */
  @Override
  void close();
}
