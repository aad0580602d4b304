package dev.densestream.answerservice.web;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.ForRole;
import dev.densestream.answerservice.Role;
import dev.densestream.answerservice.clip.ClipFormat;
import dev.densestream.answerservice.job.ClipJobs;
import dev.densestream.answerservice.job.ClipStatus;
import dev.densestream.ingest.ClipStore;
import dev.densestream.ingest.StoredClip;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** {@code /api/clips}: recorded clips in, timed captions or an answer out. */
@RestController
@ForRole(Role.ANSWER)
@RequestMapping("/api/clips")
final class ClipController {
  private final ClipDoor door;
  private final ClipJobs jobs;
  private final ClipStore store;
  private final ClipEvents events;
  private final Scheduler disk;

  ClipController(
      ClipDoor door, ClipJobs jobs, ClipStore store, ClipEvents events, Scheduler clipDisk) {
    this.door = requireNonNull(door, "door is null");
    this.jobs = requireNonNull(jobs, "jobs is null");
    this.store = requireNonNull(store, "store is null");
    this.events = requireNonNull(events, "events is null");
    this.disk = requireNonNull(clipDisk, "clipDisk is null");
  }

  /** Takes a clip: as the body, as the file of a form, or as JSON that says where it is. */
  @PostMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  Mono<ResponseEntity<ClipStatus>> take(ServerWebExchange exchange) {
    return door.take(exchange)
        .map(
            status ->
                ResponseEntity.accepted()
                    .location(URI.create("/api/clips/" + status.id()))
                    .body(status));
  }

  @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  Mono<Listed> list() {
    return jobs.list().map(Listed::new);
  }

  /** Clips, newest first. */
  record Listed(List<ClipStatus> clips) {}

  @GetMapping(path = "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
  Mono<ClipStatus> status(@PathVariable String id) {
    return known(id);
  }

  /** The job's changes until it is over. */
  @GetMapping(path = "/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  Flux<ServerSentEvent<String>> events(@PathVariable String id) {
    return known(id).flatMapMany(_ -> events.of(jobs.follow(id)));
  }

  /** The result as JSON, WebVTT or SubRip: as {@code format} says, else as accepted. */
  @GetMapping("/{id}/result")
  Mono<ResponseEntity<String>> result(
      @PathVariable String id,
      @RequestParam(required = false) @Nullable String format,
      ServerWebExchange exchange) {
    ClipFormat wanted =
        format == null ? accepted(MediaTypes.accepted(exchange.getRequest())) : named(format);
    return known(id)
        .doOnNext(ClipController::requireResult)
        .flatMap(_ -> jobs.result(id, wanted))
        .map(
            text ->
                ResponseEntity.ok()
                    .contentType(MediaType.parseMediaType(wanted.mediaType()))
                    .body(text));
  }

  private static void requireResult(ClipStatus status) {
    if (status.failure() != null) {
      throw new ProblemException(
          HttpStatus.UNPROCESSABLE_CONTENT, status.failure().code(), status.failure().detail());
    }
    if (!status.terminal()) {
      throw new ProblemException(
          HttpStatus.CONFLICT, "not_finished", "The clip is not finished; see its events.");
    }
  }

  /** The clip itself, whole or in ranges, for a player. */
  @GetMapping("/{id}/media")
  Mono<ResponseEntity<Resource>> media(@PathVariable String id) {
    return known(id)
        .publishOn(disk)
        .map(
            status -> {
              StoredClip clip = store.find(id).orElseThrow(ClipController::unknown);
              return ResponseEntity.ok()
                  .contentType(MediaType.parseMediaType(status.mediaType()))
                  .body(new FileSystemResource(clip.path()));
            });
  }

  @DeleteMapping("/{id}")
  Mono<ResponseEntity<Void>> delete(@PathVariable String id) {
    return jobs.delete(id)
        .map(
            deleted -> {
              if (!deleted) {
                throw unknown();
              }
              return ResponseEntity.noContent().build();
            });
  }

  private Mono<ClipStatus> known(String id) {
    return jobs.find(id).switchIfEmpty(Mono.error(ClipController::unknown));
  }

  private static ProblemException unknown() {
    return ProblemException.notFound("clip", "of that id");
  }

  private static ClipFormat named(String format) {
    for (ClipFormat one : ClipFormat.values()) {
      if (one.extension().equals(format)) {
        return one;
      }
    }
    throw ProblemException.badRequest("invalid_request", "format must be json, vtt or srt.");
  }

  private static ClipFormat accepted(List<MediaType> accept) {
    for (MediaType type : accept) {
      for (ClipFormat one : ClipFormat.values()) {
        if (type.isConcrete() && MediaType.parseMediaType(one.mediaType()).includes(type)) {
          return one;
        }
      }
    }
    return ClipFormat.JSON;
  }
}
