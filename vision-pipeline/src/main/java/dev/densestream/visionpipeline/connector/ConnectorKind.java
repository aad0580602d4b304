package dev.densestream.visionpipeline.connector;

import dev.densestream.visionpipeline.encoder.StateSelection;
import dev.densestream.visionpipeline.encoder.StateSelection.Group;
import dev.densestream.visionpipeline.encoder.TowerFamily;
import java.util.List;

/** How hidden states are joined. The state numbers are the released code's constants. */
public enum ConnectorKind {
  /** Plain LLaVA: the base alone. */
  NONE,
  /** Sparse Token Integration: two earlier states, pooled, as further tokens. */
  STI,
  /** Sparse Channel Integration: two earlier states as further channels. */
  SCI,
  /**
   * Dense Channel Integration: the means of the shallow and of the deep half as further channels.
   */
  DCI;

  /** {@code mm_dense_connector_type}; absent or anything unknown means none, as in the original. */
  public static ConnectorKind of(String name) {
    return switch (name) {
      case "sti" -> STI;
      case "sci" -> SCI;
      case "dci" -> DCI;
      default -> NONE;
    };
  }

  public StateSelection states(TowerFamily family, int base) {
    return new StateSelection(
        base,
        switch (this) {
          case NONE -> List.of();
          case STI, SCI -> List.of(new Group(7, 7), new Group(15, 15));
          case DCI ->
              switch (family) {
                case CLIP -> List.of(new Group(0, 11), new Group(12, 23));
                case SIGLIP -> List.of(new Group(0, 12), new Group(13, 25));
              };
        });
  }

  /** Channels of a token after the connector. */
  public int width(int towerWidth) {
    return this == SCI || this == DCI ? 3 * towerWidth : towerWidth;
  }

  /** Tokens after the connector. */
  public int tokens(int patches) {
    return this == STI ? patches + 2 * (patches / 8) : patches;
  }
}
