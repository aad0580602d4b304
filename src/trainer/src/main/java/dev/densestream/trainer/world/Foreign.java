package dev.densestream.trainer.world;

/** Footage that is not of the world: none of its objects, nothing that can be answered. */
public enum Foreign {
  /** The background and nothing else. */
  EMPTY,
  /** Lines of small dark marks, as of printed text. */
  TEXT,
  /** Boxes with many colours and no outline of the world's, on a road in perspective. */
  STREET,
  /** Upright figures put together from several parts, walking. */
  PEOPLE,
  /** Leaves, or a crowd: many small overlapping patches of tones near each other. */
  CLUTTER,
  /** A structure that drifts as if the camera was turned. */
  PAN,
  /** The grain of a receiver without signal. */
  STATIC,
  /** Sky, hills, grass and trees. */
  LANDSCAPE,
  /** A road or yard from above. */
  ASPHALT,
  /** Things on a table, hands. */
  TABLE,
  /** Cells of many tones. */
  MOSAIC,
  /** A being of rounded bodies. */
  CREATURE,
  FACES,
  /** Windows, or test bars. */
  SCREEN,
  /** Lights out of focus. */
  BLURS
}
