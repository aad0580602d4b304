package dev.densestream.answerservice.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.visionpipeline.TensorList;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KvPoolTest {
  private static final int PLACES = 500;

  private final KvPool pool =
      new KvPool(
          new TensorList() {
            @Override
            public int size() {
              return 0;
            }

            @Override
            public void close() {}
          },
          List.of(),
          PLACES);

  /** Takes and gives at random, beside a plain set of the places that are taken. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void givesNoPlaceTwice_andLosesNone(long seed) {
    Random random = new Random(seed);
    BitSet taken = new BitSet();
    List<KvRange> held = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      if (random.nextBoolean()) {
        Optional<KvRange> range = pool.take(1 + random.nextInt(40));
        range.ifPresent(
            got -> {
              assertThat(got.first()).isPositive();
              assertThat(got.end()).isLessThanOrEqualTo(PLACES + 1);
              assertThat(taken.get(got.first(), got.end()).isEmpty()).isTrue();
              taken.set(got.first(), got.end());
              held.add(got);
            });
      } else if (!held.isEmpty()) {
        KvRange range = held.remove(random.nextInt(held.size()));
        pool.give(range);
        taken.clear(range.first(), range.end());
      }
      assertThat(pool.taken()).isEqualTo(taken.cardinality());
    }
    held.forEach(pool::give);
    assertThat(pool.take(PLACES)).contains(new KvRange(1, PLACES));
  }

  @Test
  void hasNoRoom_whenNoRangeIsLongEnough() {
    KvRange first = pool.take(200).orElseThrow();
    KvRange middle = pool.take(100).orElseThrow();
    KvRange _ = pool.take(200).orElseThrow();
    pool.give(first);
    assertThat(pool.take(201)).isEmpty();

    pool.give(middle);
    assertThat(pool.take(201)).isPresent();
  }

  @Test
  void refusesARangeThatIsFree() {
    KvRange range = pool.take(10).orElseThrow();
    pool.give(range);

    assertThatThrownBy(() -> pool.give(range))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("free already");
  }
}
