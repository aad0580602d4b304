package dev.densestream.answerservice.job;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.clip.ClipFormat;
import dev.densestream.answerservice.clip.ClipResult;
import dev.densestream.ingest.ClipStore;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicRecord;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The jobs of this process's clips: accepts them, and tells how they stand. */
public final class ClipJobs {
  private final TopicCluster cluster;
  private final ClipStore store;
  private final ClipFolder folder;
  private final Scheduler disk;
  private final int mostQueued;
  private final Map<String, ClipEntry> entries = new ConcurrentHashMap<>();
  private final AtomicInteger places;

  /**
   * Remembers the jobs found in {@code folder}. Blocks.
   *
   * @param disk where files are read and written
   * @param mostQueued jobs accepted and not over, at most
   */
  ClipJobs(
      TopicCluster cluster, ClipStore store, ClipFolder folder, Scheduler disk, int mostQueued) {
    this.cluster = requireNonNull(cluster, "cluster is null");
    this.store = requireNonNull(store, "store is null");
    this.folder = requireNonNull(folder, "folder is null");
    this.disk = requireNonNull(disk, "disk is null");
    this.mostQueued = mostQueued;
    this.folder.load().forEach(this::remember);
    this.places = new AtomicInteger((int) unfinished().count());
  }

  private void remember(ClipFolder.Remembered found) {
    String id = found.status().id();
    boolean gone = store.find(id).isEmpty();
    if (gone && found.status().terminal()) {
      folder.delete(id);
      return;
    }
    ClipEntry entry = new ClipEntry(found.job(), found.status());
    if (gone) {
      entry.withdraw(); // deleted while queued: its order is still to be answered
    }
    entries.put(id, entry);
  }

  /**
   * Takes one of the places for jobs that are not over, before any work is spent on a clip.
   *
   * @return empty when all are taken; else given back unless a job is accepted with it
   */
  public Optional<Place> place() {
    int taken = places.incrementAndGet();
    if (taken > mostQueued) {
      places.decrementAndGet();
      return Optional.empty();
    }
    return Optional.of(new Place());
  }

  /** The right to have one job accepted. */
  public final class Place implements AutoCloseable {
    private boolean open = true;

    private Place() {}

    /** Now the job holds the place, until it is over. */
    private synchronized void pass() {
      open = false;
    }

    @Override
    public synchronized void close() {
      if (open) {
        open = false;
        places.decrementAndGet();
      }
    }
  }

  /**
   * Accepts a job for a stored clip. From here on it is never shed: it is remembered before it is
   * queued, and queued again after a restart.
   */
  public Mono<ClipStatus> accept(Place place, ClipJob job, ClipStatus status) {
    ClipEntry entry = new ClipEntry(job, status);
    return onDisk(
            () -> {
              folder.save(job);
              folder.save(status);
              entries.put(job.clip(), entry);
              place.pass();
            })
        .then(queue(job))
        .onErrorResume(failed -> refuse(entry).then(Mono.error(failed)))
        .thenReturn(status);
  }

  /** All jobs, newest first. */
  public List<ClipStatus> list() {
    return entries.values().stream()
        .filter(entry -> !entry.isWithdrawn())
        .map(ClipEntry::status)
        .sorted(
            Comparator.comparing(ClipStatus::acceptedAt).reversed().thenComparing(ClipStatus::id))
        .toList();
  }

  public Optional<ClipStatus> find(String id) {
    return shown(id).map(ClipEntry::status);
  }

  /** The job's changes from its present state on; ends with it. Empty for an unknown clip. */
  public Flux<ClipChange> follow(String id) {
    return Flux.defer(
        () -> shown(id).map(entry -> new ClipFollower(entry).changes()).orElse(Flux.empty()));
  }

  /** A finished job's result. */
  public Mono<String> result(String id, ClipFormat format) {
    return Mono.fromCallable(() -> folder.result(id, format)).subscribeOn(disk);
  }

  /**
   * Deletes clip and result. A job that is not over is answered as {@code withdrawn} when its turn
   * comes. True when there was such a clip.
   */
  public Mono<Boolean> delete(String id) {
    return Mono.defer(
        () -> {
          Optional<ClipEntry> found = shown(id);
          if (found.isEmpty()) {
            return Mono.just(false);
          }
          found.get().withdraw();
          Mono<Void> forgotten =
              found.get().status().terminal() ? forget(found.get()) : Mono.empty();
          return forgotten.then(store.delete(id)).thenReturn(true);
        });
  }

  private Optional<ClipEntry> shown(String id) {
    return Optional.ofNullable(entries.get(id)).filter(entry -> !entry.isWithdrawn());
  }

  /** Removes clips that are too old, and with them their jobs; never one that is not over. */
  Mono<Void> expire() {
    Set<String> keep =
        unfinished().map(entry -> entry.job().clip()).collect(Collectors.toUnmodifiableSet());
    return store
        .expire(keep)
        .flatMapIterable(ids -> ids)
        .concatMap(id -> Mono.justOrEmpty(entries.get(id)).flatMap(this::forget), 1)
        .then();
  }

  Optional<ClipEntry> entry(String id) {
    return Optional.ofNullable(entries.get(id));
  }

  /** Queues again what was accepted and is not over; a second order for one clip does no harm. */
  Flux<Void> requeue() {
    return Flux.defer(() -> Flux.fromStream(unfinished()))
        .concatMap(entry -> queue(entry.job()), 1);
  }

  Mono<Void> finished(ClipEntry entry, ClipResult result) {
    return onDisk(() -> folder.save(entry.job().clip(), result));
  }

  /** The job is over; its terminal records are out. */
  Mono<Void> over(ClipEntry entry, ClipStatus last) {
    Mono<Void> remembered =
        onDisk(
            () -> {
              folder.save(last);
              entry.change(last);
              places.decrementAndGet();
            });
    return remembered.then(
        Mono.defer(() -> entry.isWithdrawn() ? forget(entry) : Mono.<Void>empty()));
  }

  private Stream<ClipEntry> unfinished() {
    return entries.values().stream().filter(entry -> !entry.status().terminal());
  }

  private Mono<Void> queue(ClipJob job) {
    return cluster
        .publish(
            new TopicRecord(
                cluster.topics().clips(),
                job.clip(),
                job.toJson(),
                Map.of("content-type", "application/json")))
        .then();
  }

  /** Not accepted after all: it could not be queued. */
  private Mono<Void> refuse(ClipEntry entry) {
    boolean held = entries.containsKey(entry.job().clip());
    return forget(entry)
        .doOnSuccess(
            _ -> {
              if (held) {
                places.decrementAndGet();
              }
            });
  }

  private Mono<Void> forget(ClipEntry entry) {
    return onDisk(
        () -> {
          if (entries.remove(entry.job().clip(), entry)) {
            folder.delete(entry.job().clip());
          }
        });
  }

  private Mono<Void> onDisk(Runnable work) {
    return Mono.<Void>fromRunnable(work).subscribeOn(disk);
  }
}
