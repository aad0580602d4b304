package dev.densestream.visionpipeline;

import dev.densestream.framesampler.Frame;
import dev.densestream.visionpipeline.preprocess.FramePreparation;
import dev.densestream.visionpipeline.preprocess.GridPinpoints;
import dev.densestream.visionpipeline.preprocess.PictureTiles;
import dev.densestream.visionpipeline.preprocess.TileLayout;
import dev.densestream.visionpipeline.projector.PatchMerge;
import dev.densestream.visionpipeline.projector.TilePacking;
import java.util.Optional;

/** AnyRes (LLaVA-NeXT): a still image as a whole and in tiles of a higher resolution. */
final class StillTiles {
  private final GridPinpoints pinpoints;
  private final PictureTiles tiles;
  private final TilePacking packing;
  private final int pixelValues;

  private StillTiles(GridPinpoints pinpoints, FramePreparation preparation, TilePacking packing) {
    this.pinpoints = pinpoints;
    this.tiles = new PictureTiles(preparation);
    this.packing = packing;
    this.pixelValues = preparation.pixelValues();
  }

  static StillTiles of(
      TensorRuntime runtime,
      Checkpoint model,
      FramePreparation preparation,
      VisualStack.Shape shape) {
    PatchMerge merge = PatchMerge.of(model.config().string("mm_patch_merge_type", "flat"));
    if (merge != PatchMerge.FLAT && shape.grid() == 0) {
      throw new CheckpointException(
          model.config().file()
              + ": key mm_patch_merge_type must be flat with sti and cls_patch, whose tokens are"
              + " no grid");
    }
    float[] newline = new float[0];
    if (merge == PatchMerge.SPATIAL_UNPAD) {
      try (Tensor stored =
          model.tensor(runtime, "model.image_newline", Precision.FP32, shape.channels())) {
        newline = stored.toFloats();
      }
    }
    return new StillTiles(
        GridPinpoints.read(model.config(), shape.side()),
        preparation,
        new TilePacking(merge, shape.tokens(), shape.channels(), newline));
  }

  int leastTokens() {
    return packing.wholeTokens();
  }

  /** In the best tiles that give at most so many tokens; as a whole alone if there are none. */
  VisualTokens encode(Frame frame, int mostTokens, VisualStack stack) {
    Optional<TileLayout> layout =
        pinpoints.best(frame.width(), frame.height(), l -> packing.packedTokens(l) <= mostTokens);
    int images = 1 + layout.map(TileLayout::tiles).orElse(0);
    float[] pixels = new float[Math.multiplyExact(images, pixelValues)];
    tiles.prepareWhole(frame, pixels, 0);
    layout.ifPresent(l -> tiles.prepareTiles(frame, l, pixels, pixelValues));
    float[] encoded = stack.encode(pixels, images, false);
    float[] packed =
        layout.map(l -> packing.pack(encoded, 0, l)).orElseGet(() -> packing.packWhole(encoded, 0));
    int channels = packing.channels();
    return new VisualTokens(frame.ptsMicros(), packed.length / channels, channels, packed);
  }
}
