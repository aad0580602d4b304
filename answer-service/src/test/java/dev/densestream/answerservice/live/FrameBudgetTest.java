package dev.densestream.answerservice.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

@Timeout(60)
class FrameBudgetTest {
  private final FrameBudget budget = new FrameBudget(100);
  private final List<FrameBudget.Claim> held = new ArrayList<>();

  private Disposable claim(FrameBudget.Share share, long bytes) {
    return share.claim(bytes).subscribe(held::add);
  }

  @Test
  void letsThroughWhatFits_andTheRestOnceThereIsRoom() {
    FrameBudget.Share share = budget.open();
    claim(share, 60);
    claim(share, 40);
    claim(share, 1);
    assertThat(held).hasSize(2);
    assertThat(budget.heldBytes()).isEqualTo(100);
    assertThat(budget.waitingFrames()).isEqualTo(1);

    held.getFirst().release();

    assertThat(held).hasSize(3);
    assertThat(budget.heldBytes()).isEqualTo(41);
  }

  @Test
  void letsAFrameThroughAlone_thatIsLargerThanTheWholeBudget() {
    FrameBudget.Share share = budget.open();
    claim(share, 10);
    claim(share, 500);
    claim(share, 10);
    assertThat(held).as("small ones do not pass it for ever").hasSize(1);

    held.getFirst().release();
    assertThat(budget.heldBytes()).isEqualTo(500);
    assertThat(held).hasSize(2);

    held.getLast().release();
    assertThat(held).hasSize(3);
  }

  @Test
  void givesBackOnce_whatIsReleasedTwice() {
    FrameBudget.Share share = budget.open();
    claim(share, 60);
    held.getFirst().release();
    held.getFirst().release();
    share.close();
    assertThat(budget.heldBytes()).isZero();
  }

  @Test
  void givesBackWhatASegmentHolds_whenItIsOver() {
    FrameBudget.Share first = budget.open();
    FrameBudget.Share second = budget.open();
    claim(first, 60);
    claim(first, 60);
    claim(second, 30);
    assertThat(held).hasSize(1);

    first.close();

    assertThat(held).hasSize(2);
    assertThat(budget.heldBytes()).isEqualTo(30);
    assertThat(budget.waitingFrames()).isZero();
    claim(first, 10);
    assertThat(held).as("a segment that is over gets nothing").hasSize(2);
  }

  /** Many streams on many threads; each claim's bytes are held until a later task gives them up. */
  @Test
  void staysWithinItsBound_andEnds_forManyStreamsAtOnce() {
    Random random = new Random(7);
    Scheduler threads = Schedulers.newParallel("frames", 4);
    try {
      List<Long> seen =
          Flux.range(0, 8)
              .map(_ -> random.longs(200, 1, 140).boxed().toList())
              .flatMap(sizes -> stream(sizes, threads), 8, 1)
              .collectList()
              .blockOptional()
              .orElseThrow();
      assertThat(seen).hasSize(1600).allMatch(bytes -> bytes <= 140);
      assertThat(seen).as("the bound is reached").anyMatch(bytes -> bytes > 90);
    } finally {
      threads.dispose();
    }
    assertThat(budget.heldBytes()).isZero();
    assertThat(budget.waitingFrames()).isZero();
  }

  /** What is held in all each time a frame of the stream is let through. */
  private Flux<Long> stream(List<Long> sizes, Scheduler threads) {
    return Flux.using(
        budget::open,
        share ->
            Flux.fromIterable(sizes)
                .publishOn(threads, 1)
                .concatMap(share::claim, 0)
                .flatMapSequential(
                    claim ->
                        Mono.fromSupplier(budget::heldBytes)
                            .subscribeOn(threads)
                            .doFinally(_ -> claim.release()),
                    4,
                    1),
        FrameBudget.Share::close);
  }

  @Test
  void refusesABudgetOfNothing() {
    assertThatThrownBy(() -> new FrameBudget(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
