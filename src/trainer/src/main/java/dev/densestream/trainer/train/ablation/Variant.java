package dev.densestream.trainer.train.ablation;

import dev.densestream.trainer.train.config.ModelPlan;
import dev.densestream.visionpipeline.connector.ConnectorKind;
import java.util.Locale;

/** What is compared: a model with each way of joining layers, all else equal. */
public enum Variant {
  NONE(ConnectorKind.NONE, false),
  STI(ConnectorKind.STI, false),
  SCI(ConnectorKind.SCI, false),
  DCI(ConnectorKind.DCI, false),
  EFFICIENT_DCI(ConnectorKind.DCI, true);

  private final ConnectorKind connector;
  private final boolean efficient;

  Variant(ConnectorKind connector, boolean efficient) {
    this.connector = connector;
    this.efficient = efficient;
  }

  /** The plan with this way of joining. */
  ModelPlan of(ModelPlan plan) {
    return plan.withConnector(connector, efficient);
  }

  /** In tables and folder names. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
