package dev.densestream.visionpipeline.parity;

import dev.densestream.framesampler.ParityResult;
import dev.densestream.visionpipeline.preprocess.GridPinpoints;
import dev.densestream.visionpipeline.preprocess.GridPinpoints.Pinpoint;
import dev.densestream.visionpipeline.preprocess.TileLayout;
import dev.densestream.visionpipeline.projector.PatchMerge;
import dev.densestream.visionpipeline.projector.TilePacking;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Kind {@code resolutions}: the tiles chosen for a size, and what remains of them. */
public final class ResolutionParity implements ParityKind {
  private static final int PATCH = 14;

  @Override
  public List<ParityResult> run(ParityRun run) {
    List<ParityResult> results = new ArrayList<>();
    for (JsonNode row : run.fixtures().settings(run.kind()).json().path("rows")) {
      int tile = row.path("tile").intValue();
      List<Integer> size = pair(row, "size");
      List<Integer> expected = new ArrayList<>(pair(row, "best"));
      expected.addAll(pair(row, "grid_w_h"));
      expected.addAll(pair(row, "unpadded_h_w"));
      expected.add(row.path("tokens").intValue());
      List<Integer> actual = actual(tile, size);
      results.add(
          ParityResult.exact(
              run.kind(),
              tile + " " + size,
              actual.equals(expected),
              "was " + actual + ", not " + expected));
    }
    return results;
  }

  private static List<Integer> pair(JsonNode row, String key) {
    return List.of(row.path(key).path(0).intValue(), row.path(key).path(1).intValue());
  }

  private static List<Integer> actual(int tile, List<Integer> size) {
    TileLayout layout = pinpoints(tile).best(size.getFirst(), size.getLast());
    int side = tile / PATCH;
    TilePacking packing = new TilePacking(PatchMerge.SPATIAL_UNPAD, side * side, 1, new float[1]);
    return List.of(
        layout.across() * tile,
        layout.down() * tile,
        layout.across(),
        layout.down(),
        layout.down() * side - 2 * layout.paddingRows(side),
        layout.across() * side - 2 * layout.paddingColumns(side),
        packing.packedTokens(layout));
  }

  /** LLaVA-NeXT's list, as the fixture describes it in words. */
  private static GridPinpoints pinpoints(int t) {
    return new GridPinpoints(
        List.of(
            new Pinpoint(t, 2 * t),
            new Pinpoint(2 * t, t),
            new Pinpoint(2 * t, 2 * t),
            new Pinpoint(3 * t, t),
            new Pinpoint(t, 3 * t)),
        t);
  }
}
