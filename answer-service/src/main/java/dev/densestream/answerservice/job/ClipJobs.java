package dev.densestream.answerservice.job;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.clip.ClipFormat;
import dev.densestream.answerservice.clip.ClipResult;
import dev.densestream.ingest.ClipStore;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicRecord;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
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
  public ClipJobs(
      TopicCluster cluster, ClipStore store, Path folder, Scheduler disk, int mostQueued) {
    this.cluster = requireNonNull(cluster, "cluster is null");
    this.store = requireNonNull(store, "store is null");
    this.folder = new ClipFolder(folder);
    this.disk = requireNonNull(disk, "disk is null");
    this.mostQueued = mostQueued;
    this.folder.load().forEach(this::remember);
    this.places = new AtomicInteger((int) unfinished().count());
  }

  private void remember(ClipFolder.Remembered found) {
    if (store.find(found.status().id()).isEmpty()) {
      folder.delete(found.status().id());
      return;
    }
    entries.put(found.status().id(), new ClipEntry(found.job(), found.status()));
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
        .onErrorResume(failed -> forget(job.clip()).then(Mono.error(failed)))
        .thenReturn(status);
  }

  /** All jobs, newest first. */
  public List<ClipStatus> list() {
    return entries.values().stream()
        .map(ClipEntry::status)
        .sorted(
            Comparator.comparing(ClipStatus::acceptedAt)
                .reversed()
                .thenComparing(ClipStatus::id))
        .toList();
  }

  public Optional<ClipStatus> find(String id) {
    return Optional.ofNullable(entries.get(id)).map(ClipEntry::status);
  }

  /** The job's changes from its present state on; ends with it. Empty for an unknown clip. */
  public Flux<ClipChange> follow(String id) {
    ClipEntry entry = entries.get(id);
    return entry == null ? Flux.empty() : new ClipFollower(entry).changes();
  }

  /** A finished job's result. */
  public Mono<String> result(String id, ClipFormat format) {
    return Mono.fromCallable(() -> folder.result(id, format)).subscribeOn(disk);
  }

  /** Deletes clip, job and result; a job under way ends as failed. True when there was one. */
  public Mono<Boolean> delete(String id) {
    ClipEntry entry = entries.get(id);
    if (entry == null) {
      return Mono.just(false);
    }
    entry.withdraw();
    return forget(id).then(store.delete(id)).thenReturn(true);
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
    return onDisk(
        () -> {
          if (entries.get(last.id()) == entry) {
            folder.save(last);
            places.decrementAndGet();
          }
          entry.change(last);
        });
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

  private Mono<Void> forget(String id) {
    return onDisk(
        () -> {
          ClipEntry entry = entries.remove(id);
          if (entry != null && !entry.status().terminal()) {
            places.decrementAndGet();
          }
          folder.delete(id);
        });
  }

  private Mono<Void> onDisk(Runnable work) {
    return Mono.<Void>fromRunnable(work).subscribeOn(disk);
  }
}
