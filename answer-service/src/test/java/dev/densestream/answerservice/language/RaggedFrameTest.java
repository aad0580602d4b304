package dev.densestream.answerservice.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RaggedFrameTest {
  private static final KvRange PREFIX = new KvRange(100, 40);

  @Test
  void putsSequencesOfAPrefixSideBySide_withoutPadding() {
    RaggedFrame frame =
        new RaggedFrame(
            List.of(
                new Stretch(PREFIX, new KvRange(10, 8), 2, List.of(7)),
                new Stretch(KvRange.NONE, new KvRange(30, 8), 0, List.of(4, 5, 6)),
                new Stretch(PREFIX, new KvRange(20, 8), 0, List.of(8, 9))));

    assertThat(frame.order()).containsExactly(1, 0, 2);
    // rows, sequences, prefixes, most rows of one, most own rows, most of a prefix, most of its
    // rows, whether one alone is empty; place and number of the first one's own rows, and prefix
    assertThat(frame.counts()).containsExactly(6, 3, 2, 3, 3, 3, 40, 1, 30, 3, 0, 0);
    long[] ids = {4, 5, 6, 7, 8, 9};
    long[] positions = {0, 1, 2, 42, 40, 41};
    long[] places = {30, 31, 32, 12, 20, 21};
    long[] wanted = {2, 3, 5};
    long[] own = {0, 3, 4, 6, 30, 10, 20, 0, 3, 3, 2};
    long[] prefixes = {0, 3, 6, 0, 100, 0, 0, 40};
    assertThat(frame.numbers())
        .containsExactly(joined(ids, positions, places, wanted, own, prefixes));
  }

  @Test
  void doesNotTakeBranches_thatLieApartFromTheirStem() {
    KvRange stem = new KvRange(10, 3);
    Stretch behind = new Stretch(PREFIX, stem, new KvRange(13, 2), 3, List.of(1));
    Stretch elsewhere = new Stretch(PREFIX, stem, new KvRange(20, 2), 3, List.of(1));

    assertThat(RaggedFrame.fits(List.of(behind))).isTrue();
    assertThat(RaggedFrame.fits(List.of(behind, elsewhere))).isFalse();
  }

  private static long[] joined(long[]... parts) {
    return List.of(parts).stream().flatMapToLong(Arrays::stream).toArray();
  }
}
