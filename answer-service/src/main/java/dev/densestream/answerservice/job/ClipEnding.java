package dev.densestream.answerservice.job;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.Answer;
import dev.densestream.answerservice.DeadLetter;
import dev.densestream.answerservice.clip.ClipResult;
import dev.densestream.ingest.StoredClip;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicRecord;
import dev.densestream.ingest.TopicTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Brings jobs to their end. The terminal records become visible once, however many processes work
 * on the same job and wherever they die: they are written together with the job's outcome, under
 * the name of the clip, and only if there is no outcome yet. See {@link TopicCluster#publishOnce}.
 */
final class ClipEnding {
  /** The clip was deleted: nothing went wrong. */
  static final String WITHDRAWN = "withdrawn";

  private final TopicCluster cluster;
  private final ClipJobs jobs;
  private final TopicTable<ClipOutcome> outcomes;
  private final ClipWorker.Desk desk;

  ClipEnding(
      TopicCluster cluster, ClipJobs jobs, TopicTable<ClipOutcome> outcomes, ClipWorker.Desk desk) {
    this.cluster = requireNonNull(cluster, "cluster is null");
    this.jobs = requireNonNull(jobs, "jobs is null");
    this.outcomes = requireNonNull(outcomes, "outcomes is null");
    this.desk = requireNonNull(desk, "desk is null");
  }

  /** How the job ended, as far as this process has heard. */
  Optional<ClipOutcome> outcome(String clip) {
    return outcomes.find(clip);
  }

  /** Remembers the end that the job has had already, perhaps of another process. */
  Mono<Void> remember(ClipEntry entry, ClipOutcome outcome) {
    return entry.status().terminal()
        ? Mono.empty()
        : Mono.defer(() -> jobs.over(entry, outcome.of(entry.status())));
  }

  Mono<Void> finished(ClipEntry entry, ClipResult result) {
    ClipAnswers answers = answers(entry.job());
    List<Answer> terminal = answers.answered(result);
    ClipOutcome outcome =
        ClipOutcome.done(entry.job().clip(), terminal.size(), desk.clock().instant());
    return jobs.finished(entry, result)
        .then(end(outcome, records(terminal)))
        .flatMap(ended -> remember(entry, ended));
  }

  /**
   * @param clip what is stored of it, where there is any
   */
  Mono<Void> failed(ClipEntry entry, @Nullable StoredClip clip, ClipStatus.Failure why) {
    return failed(entry.job(), clip, why).flatMap(ended -> remember(entry, ended));
  }

  /** For a job of which this process knows nothing but its order. */
  Mono<ClipOutcome> failed(ClipJob job, @Nullable StoredClip clip, ClipStatus.Failure why) {
    ClipAnswers answers = answers(job);
    List<TopicRecord> records =
        new ArrayList<>(records(List.of(answers.failed(why.code(), why.detail()))));
    if (!why.code().equals(WITHDRAWN)) {
      records.add(deadLetter(job, clip, why));
    }
    return end(ClipOutcome.failed(job.clip(), why, desk.clock().instant()), records);
  }

  private Mono<ClipOutcome> end(ClipOutcome outcome, List<TopicRecord> terminal) {
    List<TopicRecord> records = new ArrayList<>(terminal);
    records.add(outcome.toRecord(cluster.topics().clipOutcomes()));
    Mono<Boolean> wanted =
        outcomes.caughtUp().then(Mono.fromSupplier(() -> outcome(outcome.clip()).isEmpty()));
    return cluster
        .publishOnce("clip-" + outcome.clip(), records, wanted)
        .doOnNext(written -> count(written ? code(outcome) : "repeated"))
        .map(written -> written ? outcome : outcome(outcome.clip()).orElse(outcome));
  }

  private static String code(ClipOutcome outcome) {
    return outcome.failure() == null ? "done" : outcome.failure().code();
  }

  private ClipAnswers answers(ClipJob job) {
    return new ClipAnswers(job, desk.model(), desk.clock().instant());
  }

  private List<TopicRecord> records(List<Answer> answers) {
    return answers.stream().map(answer -> answer.toRecord(cluster.topics().answers())).toList();
  }

  private TopicRecord deadLetter(ClipJob job, @Nullable StoredClip clip, ClipStatus.Failure why) {
    return new DeadLetter(
            Answer.Source.clip(job.clip()),
            DeadLetter.Cause.of(why.code(), why.detail()),
            null,
            clip == null ? 0 : clip.sizeBytes(),
            clip == null ? "" : clip.sha256(),
            desk.clock().instant())
        .toRecord(cluster.topics().deadLetters());
  }

  void count(String outcome) {
    desk.meters().counter("densestream.clips.jobs", "outcome", outcome).increment();
  }
}
