package dev.densestream.answerservice.language.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CrewTest {
  /** Works of all sizes one behind the other, so that helpers find the next one at once. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void doesEachPieceOnce(int threads) {
    try (Crew crew = new Crew(threads)) {
      for (int count = 0; count < 300; count++) {
        AtomicIntegerArray done = new AtomicIntegerArray(count);
        crew.run(count, done::incrementAndGet);
        assertThat(IntStream.range(0, count).map(done::get)).allMatch(times -> times == 1);
      }
    }
  }

  @Test
  void sharesTheWork() {
    CountDownLatch both = new CountDownLatch(2);
    try (Crew crew = new Crew(2)) {
      crew.run(
          2,
          piece -> {
            both.countDown();
            await(both);
          });
    }
    assertThat(both.getCount()).isZero();
  }

  /**
   * The asking one's share in its order, and then what the helper, which hangs in the first piece
   * of its own, has left.
   */
  @Test
  void takesItsOwnShareFirst_andThenWhatIsLeftOfTheOthers() {
    List<Integer> mine = new ArrayList<>();
    CountDownLatch helping = new CountDownLatch(1);
    CountDownLatch mineDone = new CountDownLatch(9);
    Thread asking = Thread.currentThread();
    try (Crew crew = new Crew(2)) {
      crew.run(
          10,
          piece -> {
            if (Thread.currentThread() == asking) {
              await(helping);
              mine.add(piece);
              mineDone.countDown();
            } else {
              helping.countDown();
              await(mineDone);
            }
          });
    }
    assertThat(mine).containsExactly(0, 1, 2, 3, 4, 6, 7, 8, 9);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).as("the other piece begins").isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void throwsWhatAPieceThrows_andGoesOn(int threads) {
    try (Crew crew = new Crew(threads)) {
      for (int i = 0; i < 50; i++) {
        assertThatThrownBy(
                () ->
                    crew.run(
                        4,
                        piece -> {
                          if (piece == 2) {
                            throw new IllegalArgumentException("of piece " + piece);
                          }
                        }))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("of piece 2");
      }
      AtomicIntegerArray done = new AtomicIntegerArray(4);
      crew.run(4, done::incrementAndGet);
      assertThat(done).hasToString("[1, 1, 1, 1]");
    }
  }

  @Test
  void leavesNoThread() throws InterruptedException {
    List<Thread> helpers;
    try (Crew crew = new Crew(3)) {
      crew.run(4, piece -> {});
      helpers =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().startsWith("step-helper"))
              .toList();
      assertThat(helpers).hasSizeGreaterThanOrEqualTo(2);
    }
    for (Thread helper : helpers) {
      assertThat(helper.join(java.time.Duration.ofSeconds(30))).isTrue();
    }
  }
}
