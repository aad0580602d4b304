package dev.densestream.trainer.train.config;

import static java.util.Objects.requireNonNull;

import dev.densestream.visionpipeline.connector.ConnectorKind;
import dev.densestream.visionpipeline.encoder.StateSelection;
import dev.densestream.visionpipeline.encoder.TowerFamily;

/**
 * What is to be trained.
 *
 * @param efficient whether tokens are halved in both directions behind the projector
 * @param framesPerWindow that the model is meant to see at once
 */
public record ModelPlan(
    TowerPlan tower,
    ConnectorKind connector,
    boolean efficient,
    LanguagePlan language,
    int framesPerWindow) {
  public ModelPlan {
    requireNonNull(tower, "model.tower is missing");
    requireNonNull(connector, "model.connector is missing");
    requireNonNull(language, "model.language is missing");
    if (framesPerWindow < 1) {
      throw new IllegalArgumentException(
          "model.framesPerWindow must be >= 1: was " + framesPerWindow);
    }
    if (efficient && (connector == ConnectorKind.STI || tower.grid() % 2 != 0)) {
      throw new IllegalArgumentException(
          "model.efficient needs an even token grid, which " + connector + " has not");
    }
    if (connector.states(TowerFamily.CLIP, tower.blocks()).last() > tower.blocks()) {
      throw new IllegalArgumentException(
          "model.tower: connector " + connector + " needs more blocks than " + tower.blocks());
    }
  }

  public StateSelection states() {
    return connector.states(TowerFamily.CLIP, tower.blocks());
  }

  /** Channels of a patch behind the connector. */
  public int joinedWidth() {
    return connector.width(tower.width());
  }

  /** Visual tokens along a side that form a map. */
  public int tokenGrid() {
    return efficient ? tower.grid() / 2 : tower.grid();
  }

  /** Visual tokens of one frame. */
  public int tokens() {
    return efficient ? tokenGrid() * tokenGrid() : connector.tokens(tower.patches());
  }

  /** The same with another connector. */
  public ModelPlan withConnector(ConnectorKind other, boolean isEfficient) {
    return new ModelPlan(tower, other, isEfficient, language, framesPerWindow);
  }
}
