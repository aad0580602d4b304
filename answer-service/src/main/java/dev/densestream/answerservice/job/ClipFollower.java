package dev.densestream.answerservice.job;

import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;

/** One client's view of one job: re-reads the job whenever it ticked since it last looked. */
final class ClipFollower {
  private final ClipEntry entry;
  private final Flux<Boolean> looks;

  /**
   * @param looks bring in what other processes did to the entry, as long as somebody follows
   */
  ClipFollower(ClipEntry entry, Flux<Boolean> looks) {
    this.entry = entry;
    this.looks = looks;
  }

  Flux<ClipChange> changes() {
    return Flux.defer(
        () -> {
          Seen seen = new Seen();
          // Listening before looking: a change in between is looked at twice, not missed.
          return Flux.merge(1, entry.ticks().onBackpressureLatest(), Flux.just(true), looks)
              .concatMapIterable(_ -> seen.next(), 1)
              .takeUntil(ClipFollower::last);
        });
  }

  private static boolean last(ClipChange change) {
    return change instanceof ClipChange.Stands(ClipStatus status) && status.terminal();
  }

  private final class Seen {
    private int texts;

    List<ClipChange> next() {
      // The status first: texts that come after it was read are told with the next tick.
      ClipStatus status = entry.status();
      List<ClipChange> changes = new ArrayList<>();
      entry.textsFrom(texts).forEach(text -> changes.add(new ClipChange.Said(text)));
      texts += changes.size();
      changes.add(new ClipChange.Stands(status));
      return changes;
    }
  }
}
