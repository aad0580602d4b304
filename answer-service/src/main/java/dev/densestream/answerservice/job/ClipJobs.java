package dev.densestream.answerservice.job;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.clip.ClipFormat;
import dev.densestream.answerservice.clip.ClipResult;
import dev.densestream.ingest.ClipStore;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The jobs of the clips in one folder: accepts them, and tells how they stand. Where other
 * processes share the folder, it shows their jobs too, as of their last writing.
 */
public final class ClipJobs {
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** Longer than a job may wait for its turn without a word of whoever works. */
  private static final Duration LOST = Duration.ofHours(1);

  private final TopicCluster cluster;
  private final ClipStore store;
  private final ClipFolder folder;
  private final Scheduler disk;
  private final int mostQueued;
  private final Map<String, ClipEntry> entries = new ConcurrentHashMap<>();
  private int placesOpen;

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
  }

  private void remember(ClipFolder.Remembered found) {
    String id = found.status().id();
    if (found.status().terminal() && store.find(id).isEmpty()) {
      folder.delete(id);
      return;
    }
    known(found);
  }

  private ClipEntry known(ClipFolder.Remembered found) {
    ClipEntry entry =
        entries.computeIfAbsent(
            found.job().clip(), _ -> new ClipEntry(found.job(), found.status()));
    entry.seen(found.status());
    if (found.withdrawn()) {
      entry.withdraw(); // its order is still to be answered
    }
    return entry;
  }

  /**
   * Takes one of the places for jobs that are not over, before any work is spent on a clip.
   *
   * @return empty when all are taken; whoever gets one closes it
   */
  public Mono<Place> place() {
    return lookAround()
        .then(
            Mono.fromCallable(
                () -> {
                  synchronized (this) {
                    if (placesOpen + unfinished().count() >= mostQueued) {
                      return null;
                    }
                    placesOpen++;
                    return new Place();
                  }
                }));
  }

  /** The right to have one job accepted. */
  public final class Place {
    private boolean open = true;
    private boolean used;

    private Place() {}

    /** Gives it back, unless a job has it. @return whether one has */
    public boolean close() {
      synchronized (ClipJobs.this) {
        if (!used) {
          leave();
        }
        return used;
      }
    }

    /** Once, and not when it was given back. */
    private boolean use() {
      synchronized (ClipJobs.this) {
        boolean first = open && !used;
        used |= first;
        return first;
      }
    }

    private void leave() {
      synchronized (ClipJobs.this) {
        if (open) {
          open = false;
          placesOpen--;
        }
      }
    }
  }

  /**
   * Accepts a job for a stored clip. From here on it is never shed: it is remembered before it is
   * queued, and queued again after a restart. Once begun it is brought to its end, whoever still
   * waits for that: the job is accepted, or nothing is left of it, nor of its clip. Empty when the
   * place was given back.
   */
  public Mono<ClipStatus> accept(Place place, ClipJob job, ClipStatus status) {
    return Mono.defer(
        () -> place.use() ? accepted(place, new ClipEntry(job, status)).cache() : Mono.empty());
  }

  private Mono<ClipStatus> accepted(Place place, ClipEntry entry) {
    ClipJob job = entry.job();
    return onDisk(
            () -> {
              synchronized (this) {
                folder.save(job);
                folder.save(entry.status());
                entries.put(job.clip(), entry);
                place.leave(); // the job itself counts from now on
              }
            })
        .then(queue(job))
        .onErrorResume(
            failed ->
                forget(entry)
                    .then(store.delete(job.clip()))
                    .then(Mono.<Void>error(failed))
                    .doFinally(_ -> place.leave()))
        .then(Mono.fromSupplier(entry::status));
  }

  /** All jobs, newest first. */
  public Mono<List<ClipStatus>> list() {
    return lookAround()
        .then(
            Mono.fromSupplier(
                () ->
                    entries.values().stream()
                        .filter(entry -> !entry.isWithdrawn())
                        .map(ClipEntry::status)
                        .sorted(
                            Comparator.comparing(ClipStatus::acceptedAt)
                                .reversed()
                                .thenComparing(ClipStatus::id))
                        .toList()));
  }

  /** Empty for an unknown clip, and for one that was deleted. */
  public Mono<ClipStatus> find(String id) {
    return shown(id).map(ClipEntry::status);
  }

  /**
   * The job's changes from its present state on; ends with it. Empty for an unknown clip. The texts
   * of a job that another process works on come with its result only.
   */
  public Flux<ClipChange> follow(String id) {
    Flux<Boolean> looks =
        folder.shared()
            ? Flux.interval(LOOK)
                .onBackpressureDrop()
                .concatMap(_ -> entry(id).thenMany(Flux.<Boolean>empty()), 1)
            : Flux.never();
    return shown(id).flatMapMany(entry -> new ClipFollower(entry, looks).changes());
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
    return shown(id)
        .flatMap(
            entry ->
                onDisk(
                        () -> {
                          if (!entry.status().terminal()) {
                            folder.withdraw(id);
                          }
                          entry.withdraw();
                        })
                    .then(Mono.defer(() -> entry(id)))
                    .filter(found -> found.status().terminal())
                    .flatMap(this::forget)
                    .then(store.delete(id))
                    .thenReturn(true))
        .defaultIfEmpty(false);
  }

  private Mono<ClipEntry> shown(String id) {
    return entry(id).filter(entry -> !entry.isWithdrawn());
  }

  /** Removes clips that are too old, and with them their jobs; never one that is not over. */
  private Mono<Void> expire() {
    return lookAround()
        .then(Mono.defer(() -> store.expire(unfinishedIds())))
        .flatMapIterable(ids -> ids)
        .concatMap(id -> Mono.justOrEmpty(entries.get(id)).flatMap(this::forget), 1)
        .then();
  }

  /** Goes through all jobs, now and then. */
  Mono<Void> sweep() {
    return folder.shared() ? requeue().then(expire()) : expire();
  }

  private Set<String> unfinishedIds() {
    return unfinished().map(entry -> entry.job().clip()).collect(Collectors.toUnmodifiableSet());
  }

  /** One job, withdrawn or not. */
  Mono<ClipEntry> entry(String id) {
    return folder.shared()
        ? Mono.fromCallable(() -> look(id)).subscribeOn(disk).flatMap(Mono::justOrEmpty)
        : Mono.fromSupplier(() -> entries.get(id));
  }

  /**
   * Queues again what was accepted and is not over; a second order for one clip does no harm. Where
   * the folder is shared, only what nobody has said a word about for long: the queue knows the
   * rest.
   */
  Flux<Void> requeue() {
    return Flux.defer(() -> Flux.fromIterable(unfinished().toList()))
        .filterWhen(
            entry -> Mono.fromCallable(() -> !folder.shared() || lost(entry)).subscribeOn(disk), 1)
        .concatMap(entry -> queue(entry.job()).then(onDisk(() -> entry.note(folder::save))), 1);
  }

  private boolean lost(ClipEntry entry) {
    return folder.writtenAt(entry.job().clip()).isBefore(Instant.now().minus(LOST));
  }

  /** Hands the job to the queue once more, as a new order. */
  Mono<Void> again(ClipJob job) {
    return queue(job.again());
  }

  /**
   * Notes, before any work on it, that the job is tried once more: whatever becomes of this process
   * in the meantime, the next one knows.
   *
   * @return how often it was tried, this time included
   */
  Mono<Integer> tries(ClipEntry entry) {
    return Mono.fromCallable(() -> folder.tries(entry.job().clip())).subscribeOn(disk);
  }

  /** Lets the other processes know how far the job is, and sees whether it is still wanted. */
  Mono<Void> note(ClipEntry entry) {
    return !folder.shared()
        ? Mono.empty()
        : onDisk(
            () -> {
              entry.note(folder::save);
              if (folder.isWithdrawn(entry.job().clip())) {
                entry.withdraw();
              }
            });
  }

  /** Work on the job ended without an end of the job. */
  Mono<Void> waits(ClipEntry entry) {
    ClipStatus queued =
        entry.status().with(ClipStatus.State.QUEUED, ClipStatus.Progress.NONE, null);
    return onDisk(() -> entry.change(queued, folder::save));
  }

  Mono<Void> finished(ClipEntry entry, ClipResult result) {
    return onDisk(() -> folder.save(entry.job().clip(), result));
  }

  /** The job is over; its terminal records are out. */
  Mono<Void> over(ClipEntry entry, ClipStatus last) {
    return onDisk(
            () -> {
              entry.change(last, folder::save);
              if (folder.isWithdrawn(last.id())) {
                entry.withdraw();
              }
            })
        .then(Mono.defer(() -> entry.isWithdrawn() ? forget(entry) : Mono.<Void>empty()));
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

  private Mono<Void> forget(ClipEntry entry) {
    return onDisk(
        () -> {
          synchronized (this) {
            if (entries.remove(entry.job().clip(), entry)) {
              folder.delete(entry.job().clip());
            }
          }
        });
  }

  /** Takes notice of what other processes did to the jobs. */
  private Mono<Void> lookAround() {
    return !folder.shared()
        ? Mono.empty()
        : onDisk(
            () -> {
              folder.load().forEach(this::known);
              List.copyOf(entries.keySet()).forEach(this::look);
            });
  }

  private synchronized Optional<ClipEntry> look(String id) {
    Optional<ClipEntry> found = folder.find(id).map(this::known);
    if (found.isEmpty()) {
      ClipEntry gone = entries.remove(id);
      if (gone != null) {
        ClipStatus.Failure withdrawn = new ClipStatus.Failure("withdrawn", "The clip was deleted.");
        gone.seen(gone.status().with(ClipStatus.State.FAILED, gone.status().progress(), withdrawn));
      }
    }
    return found;
  }

  private Mono<Void> onDisk(Runnable work) {
    return Mono.<Void>fromRunnable(work).subscribeOn(disk);
  }
}
