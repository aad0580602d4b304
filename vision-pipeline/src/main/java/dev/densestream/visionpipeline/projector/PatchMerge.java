package dev.densestream.visionpipeline.projector;

import dev.densestream.visionpipeline.CheckpointException;

/** How the tokens of a picture's tiles become one sequence: {@code mm_patch_merge_type}. */
public enum PatchMerge {
  /** Tile after tile. */
  FLAT,
  /** One map of all tiles, row by row. */
  SPATIAL,
  /** The same without padding, and with a learnt token at the end of each row. */
  SPATIAL_UNPAD;

  /** As the original decides: by how the name starts, and by a word in it. */
  public static PatchMerge of(String name) {
    if (name.startsWith("spatial")) {
      return name.contains("unpad") ? SPATIAL_UNPAD : SPATIAL;
    }
    if (!name.equals("flat")) {
      throw new CheckpointException(
          "mm_patch_merge_type must be flat, spatial or spatial_unpad: was " + name);
    }
    return FLAT;
  }
}
