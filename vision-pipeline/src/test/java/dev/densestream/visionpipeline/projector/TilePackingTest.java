package dev.densestream.visionpipeline.projector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.preprocess.TileLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against the original's steps taken one after the other: one map, cropped, rows ended. */
class TilePackingTest {
  private static final float NEWLINE = -1;

  @Test
  void packsAsTheStepsOneByOne_forAnySize() {
    Random random = new Random(5);
    for (int i = 0; i < 400; i++) {
      int side = 1 + random.nextInt(7);
      TileLayout layout =
          new TileLayout(
              1 + random.nextInt(4),
              1 + random.nextInt(4),
              1 + random.nextInt(i % 3 == 0 ? 5000 : 300),
              1 + random.nextInt(i % 3 == 1 ? 5000 : 300));
      for (PatchMerge merge : PatchMerge.values()) {
        check(layout, side, merge);
      }
    }
  }

  private static void check(TileLayout layout, int side, PatchMerge merge) {
    TilePacking packing = new TilePacking(merge, side * side, 1, new float[] {NEWLINE});
    float[] tokens = new float[(1 + layout.tiles()) * side * side];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = i;
    }
    float[] packed = packing.pack(tokens, 0, layout);
    assertThat(packed.length).as(layout.toString()).isEqualTo(packing.packedTokens(layout));
    List<Float> expected = expected(layout, side, merge);
    assertThat(packed).as(layout + " " + merge).hasSize(expected.size());
    for (int i = 0; i < packed.length; i++) {
      assertThat(packed[i]).as(layout + " " + merge + " at " + i).isEqualTo(expected.get(i));
    }
  }

  private static List<Float> expected(TileLayout layout, int side, PatchMerge merge) {
    List<Float> expected = new ArrayList<>();
    for (int i = 0; i < side * side; i++) {
      expected.add((float) i);
    }
    if (merge == PatchMerge.FLAT) {
      for (int i = side * side; i < (1 + layout.tiles()) * side * side; i++) {
        expected.add((float) i);
      }
      return expected;
    }
    List<List<Float>> map = map(layout, side);
    if (merge == PatchMerge.SPATIAL_UNPAD) {
      map = unpadded(map, layout);
      map.forEach(row -> row.add(NEWLINE));
    }
    map.forEach(expected::addAll);
    return expected;
  }

  private static List<List<Float>> map(TileLayout layout, int side) {
    List<List<Float>> map = new ArrayList<>();
    for (int tileRow = 0; tileRow < layout.down(); tileRow++) {
      for (int y = 0; y < side; y++) {
        List<Float> row = new ArrayList<>();
        for (int tile = 0; tile < layout.across(); tile++) {
          for (int x = 0; x < side; x++) {
            int number = 1 + tileRow * layout.across() + tile;
            row.add((float) (number * side * side + y * side + x));
          }
        }
        map.add(row);
      }
    }
    return map;
  }

  private static List<List<Float>> unpadded(List<List<Float>> map, TileLayout layout) {
    int height = map.size();
    int width = map.getFirst().size();
    double picture = layout.width() / (double) layout.height();
    int top = 0;
    int left = 0;
    if (picture > width / (double) height) {
      top = (height - (int) (layout.height() * (width / (double) layout.width()))) / 2;
    } else {
      left = (width - (int) (layout.width() * (height / (double) layout.height()))) / 2;
    }
    List<List<Float>> result = new ArrayList<>();
    for (List<Float> row : map.subList(top, height - top)) {
      result.add(new ArrayList<>(row.subList(left, width - left)));
    }
    return result;
  }

  @Test
  void readsTheNamesAsTheOriginalDoes() {
    assertThat(PatchMerge.of("flat")).isEqualTo(PatchMerge.FLAT);
    assertThat(PatchMerge.of("spatial")).isEqualTo(PatchMerge.SPATIAL);
    assertThat(PatchMerge.of("spatial_unpad")).isEqualTo(PatchMerge.SPATIAL_UNPAD);
    assertThatThrownBy(() -> PatchMerge.of("round"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("mm_patch_merge_type");
  }
}
