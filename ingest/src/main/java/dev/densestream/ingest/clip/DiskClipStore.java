package dev.densestream.ingest.clip;

import dev.densestream.ingest.ClipSettings;
import dev.densestream.ingest.ClipStore;
import dev.densestream.ingest.ClipUpload;
import dev.densestream.ingest.Media;
import dev.densestream.ingest.MediaRefusedException;
import dev.densestream.ingest.StoredClip;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A folder of clips: {@code <id>.media} beside {@code <id>.json}, which is written last, so that a
 * clip is there as a whole or not at all. Uploads under way are in {@code incoming}.
 */
public final class DiskClipStore implements ClipStore {
  private static final int ID_BYTES = 16;
  private static final Duration LONGEST_SILENCE = Duration.ofHours(1);
  private static final int MAX_NAME_CHARACTERS = 120;

  private final ClipSettings settings;
  private final MeterRegistry meters;
  private final Clock clock;
  private final FolderLock lock;
  private final ClipQuota quota;
  private final Map<String, StoredClip> clips = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();

  private DiskClipStore(
      ClipSettings settings, MeterRegistry meters, Clock clock, FolderLock lock, ClipQuota quota) {
    this.settings = settings;
    this.meters = meters;
    this.clock = clock;
    this.lock = lock;
    this.quota = quota;
  }

  /** See {@link ClipStore#open}; the clock says when a clip was stored and how old it is. */
  public static DiskClipStore open(ClipSettings settings, MeterRegistry meters, Clock clock) {
    try {
      Files.createDirectories(settings.folder());
      FolderLock lock =
          settings.shared()
              ? FolderLock.share(settings.folder())
              : FolderLock.take(settings.folder());
      DiskClipStore store =
          new DiskClipStore(settings, meters, clock, lock, new ClipQuota(settings));
      store.findClips();
      Gauge.builder("densestream.clips.bytes", store.quota, ClipQuota::usedBytes).register(meters);
      Gauge.builder("densestream.clips.stored", store.clips, Map::size).register(meters);
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use the clip folder " + settings.folder(), e);
    }
  }

  @Override
  public Mono<StoredClip> store(Flux<ByteBuffer> content, ClipUpload upload) {
    // The share is given back before the end is signalled: who learns of a refusal may try again.
    return Mono.using(
            quota::share,
            share ->
                Mono.fromRunnable(() -> expect(share, upload.declaredBytes().orElse(0)))
                    .subscribeOn(Schedulers.boundedElastic())
                    .then(
                        SpoolFile.write(
                            content,
                            incoming(),
                            share::grow,
                            written -> {
                              StoredClip clip = keep(written, upload);
                              share.settle();
                              return clip;
                            })),
            ClipQuota.Share::close)
        .doOnNext(clip -> meters.counter("densestream.clips.accepted").increment())
        .doOnError(this::countRefusal)
        .doOnCancel(() -> refused("cancelled"));
  }

  @Override
  public Optional<StoredClip> find(String id) {
    if (settings.shared()) {
      look(id);
    }
    return Optional.ofNullable(clips.get(id));
  }

  @Override
  public List<StoredClip> list() {
    if (settings.shared()) {
      lookAround();
    }
    return clips.values().stream()
        .sorted(Comparator.comparing(StoredClip::storedAt).thenComparing(StoredClip::id))
        .toList();
  }

  @Override
  public Mono<Boolean> delete(String id) {
    return Mono.fromCallable(() -> remove(id, "deleted")).subscribeOn(Schedulers.boundedElastic());
  }

  @Override
  public Mono<List<String>> expire(Set<String> keep) {
    return Mono.fromCallable(() -> removeExpired(Set.copyOf(keep)))
        .subscribeOn(Schedulers.boundedElastic());
  }

  @Override
  public void close() {
    lock.close();
  }

  private void expect(ClipQuota.Share share, long declaredBytes) {
    if (settings.shared()) {
      lookAround();
    }
    share.expect(declaredBytes);
  }

  /** Takes notice of what other stores did to the folder. */
  private void lookAround() {
    List.copyOf(clips.keySet()).forEach(this::look);
    try {
      findSidecars();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the clip folder " + settings.folder(), e);
    }
  }

  private synchronized void look(String id) {
    if (!ClipSidecar.isId(id)) {
      return;
    }
    try {
      if (Files.notExists(sidecar(id))) {
        StoredClip gone = clips.remove(id);
        if (gone != null) {
          quota.release(gone.sizeBytes());
        }
      } else if (!clips.containsKey(id)) {
        ClipSidecar.read(sidecar(id), this::mediaFile).ifPresent(this::found);
      }
    } catch (NoSuchFileException _) {
      // deleted by another store after it was seen
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read what is known of clip " + id, e);
    }
  }

  private void found(StoredClip clip) {
    if (clips.putIfAbsent(clip.id(), clip) == null) {
      quota.found(clip.sizeBytes());
    }
  }

  private List<String> removeExpired(Set<String> keep) throws IOException {
    Instant tooOld = clock.instant().minus(settings.maxAge());
    long fullAbove = settings.maxTotalBytes() / 10 * 9;
    List<String> removed = new ArrayList<>();
    for (StoredClip clip : list()) {
      boolean expired = clip.storedAt().isBefore(tooOld);
      boolean unwanted = expired || quota.usedBytes() > fullAbove;
      if (unwanted && !keep.contains(clip.id()) && remove(clip.id(), "expired")) {
        removed.add(clip.id());
      }
    }
    return List.copyOf(removed);
  }

  private synchronized boolean remove(String id, String reason) throws IOException {
    if (settings.shared()) {
      look(id);
    }
    StoredClip clip = clips.remove(id);
    if (clip == null) {
      return false;
    }
    Files.deleteIfExists(sidecar(id));
    Files.deleteIfExists(clip.path());
    quota.release(clip.sizeBytes());
    meters.counter("densestream.clips.removed", "reason", reason).increment();
    return true;
  }

  private StoredClip keep(SpoolFile.Written written, ClipUpload upload) {
    if (written.sizeBytes() == 0) {
      throw new MediaRefusedException("not_a_video", "The clip is empty: no bytes were sent.");
    }
    String id = newId();
    StoredClip clip =
        new StoredClip(
            id,
            cleaned(upload.name()),
            upload.contentType(),
            new Media.File(mediaFile(id), written.sizeBytes()),
            written.sha256(),
            clock.instant());
    try {
      Path unfinished = incoming().resolve(id + ".json");
      Files.write(unfinished, ClipSidecar.write(clip));
      Files.move(written.path(), clip.path(), StandardCopyOption.ATOMIC_MOVE);
      synchronized (this) { // or somebody who looks around would count it once more
        Files.move(unfinished, sidecar(id), StandardCopyOption.ATOMIC_MOVE);
        clips.put(id, clip);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not keep clip " + id, e);
    }
    return clip;
  }

  private void findClips() throws IOException {
    Files.createDirectories(incoming());
    try (var unfinished = Files.newDirectoryStream(incoming())) {
      for (Path file : unfinished) {
        deleteAbandoned(file);
      }
    }
    findSidecars();
    try (var media = Files.newDirectoryStream(settings.folder(), "*.media")) {
      for (Path file : media) {
        String id = file.getFileName().toString().replace(".media", "");
        if (!Files.exists(sidecar(id))) {
          deleteAbandoned(file); // its sidecar was never written: the upload was not acknowledged
        }
      }
    }
  }

  private void findSidecars() throws IOException {
    try (var sidecars = Files.newDirectoryStream(settings.folder(), "*.json")) {
      for (Path sidecar : sidecars) {
        look(sidecar.getFileName().toString().replace(".json", ""));
      }
    }
  }

  /** What no upload writes to any more; in a shared folder another store's may be under way. */
  private void deleteAbandoned(Path file) throws IOException {
    try {
      Instant written = Files.getLastModifiedTime(file).toInstant();
      if (!settings.shared() || written.isBefore(clock.instant().minus(LONGEST_SILENCE))) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException _) {
      // it was under way, and has arrived
    }
  }

  private void countRefusal(Throwable error) {
    refused(error instanceof MediaRefusedException refusal ? refusal.code() : "failed");
  }

  private void refused(String reason) {
    meters.counter("densestream.clips.refused", "reason", reason).increment();
  }

  private Path incoming() {
    return settings.folder().resolve("incoming");
  }

  private Path mediaFile(String id) {
    return settings.folder().resolve(id + ".media");
  }

  private Path sidecar(String id) {
    return settings.folder().resolve(id + ".json");
  }

  private String newId() {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  private static @Nullable String cleaned(@Nullable String name) {
    if (name == null) {
      return null;
    }
    String printable = name.replaceAll("[\\p{Cntrl}\\p{Cf}]", "").strip();
    return printable.substring(0, Math.min(printable.length(), MAX_NAME_CHARACTERS));
  }
}
