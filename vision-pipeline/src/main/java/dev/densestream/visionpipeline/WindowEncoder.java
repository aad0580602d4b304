package dev.densestream.visionpipeline;

import dev.densestream.visionpipeline.connector.ConnectorKind;
import dev.densestream.visionpipeline.connector.DenseConnector;
import dev.densestream.visionpipeline.encoder.StateSelection;
import dev.densestream.visionpipeline.encoder.TowerConfig;
import dev.densestream.visionpipeline.encoder.VisionTower;
import dev.densestream.visionpipeline.projector.Projector;
import dev.densestream.visionpipeline.projector.TokenPooling;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The vision half of LLaVA with the Efficient Dense Connector and random weights, for measuring:
 * CLIP ViT-L/14-336, Dense Channel Integration, two linear layers, 144 tokens a frame. For one
 * thread at a time.
 */
public final class WindowEncoder implements AutoCloseable {
  /** Frames of a window. */
  public static final int FRAMES = 8;

  private static final TowerConfig TOWER = TowerConfig.CLIP_L_336;

  private final TensorRuntime runtime;
  private final StateSelection states;
  private final int channels;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final VisionTower tower;
  private final DenseConnector connector;
  private final Projector projector;
  private final TokenPooling pooling;

  private WindowEncoder(TensorRuntime runtime, Precision precision, int channels) {
    this.runtime = runtime;
    this.channels = channels;
    states = ConnectorKind.DCI.states(TOWER.family(), TOWER.layers() - 1);
    int joined = TOWER.width() * (1 + states.groups().size());
    Weights any = Weights.random();
    try {
      tower = keep(VisionTower.load(runtime, any, TOWER, precision, states.last()));
      connector = keep(new DenseConnector(runtime, ConnectorKind.DCI));
      projector = keep(Projector.load(runtime, any, precision, "mlp2x_gelu", joined, channels));
      pooling = keep(new TokenPooling(runtime));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private <T extends AutoCloseable> T keep(T part) {
    parts.push(part);
    return part;
  }

  /**
   * With random weights.
   *
   * @param channels of a token: the language model's width
   */
  public static WindowEncoder random(TensorRuntime runtime, Precision precision, int channels) {
    return new WindowEncoder(runtime, precision, channels);
  }

  /** Pixel values of a window's frames, any. */
  public static float[] pixels() {
    float[] values = new float[FRAMES * 3 * TOWER.side() * TOWER.side()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 7919L % 2000) / 1000f - 1;
    }
    return values;
  }

  /** Called on the thread that encodes, before the first window. */
  public void begin() {
    runtime.goApart();
  }

  /** Visual tokens of each frame. */
  public List<VisualTokens> encode(float[] pixels) {
    int grid = TOWER.side() / TOWER.patch();
    try (Tensor input = runtime.floats(pixels, FRAMES, 3, TOWER.side(), TOWER.side());
        Tensor joined = connector.join(tower.encode(input, states));
        Tensor pooled = pooling.halveGrid(projector.project(joined), grid)) {
      float[] all = pooled.toFloats();
      int each = all.length / FRAMES;
      List<VisualTokens> tokens = new ArrayList<>();
      for (int i = 0; i < FRAMES; i++) {
        float[] own = Arrays.copyOfRange(all, i * each, (i + 1) * each);
        tokens.add(new VisualTokens(i * 1_250_000L, each / channels, channels, own));
      }
      return tokens;
    }
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("closing a part of the vision model failed", e);
      }
    }
  }
}
