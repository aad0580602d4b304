package dev.densestream.benchmarks.together;

import dev.densestream.answerservice.language.LanguageBench;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.Weights;
import dev.densestream.visionpipeline.connector.ConnectorKind;
import dev.densestream.visionpipeline.encoder.StateSelection;
import dev.densestream.visionpipeline.encoder.TowerConfig;
import dev.densestream.visionpipeline.encoder.VisionTower;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Encodes 4 frames again and again on one thread, while a language model prefills and decodes on
 * another; before it, each alone. A few blocks of the tower stand for all of them. Random weights.
 *
 * <p>Arguments: threads, what the language model does ({@code prefill} or {@code decode}).
 */
public final class EncodeBesideLanguage {
  private static final int FRAMES = 4;
  private static final int BLOCKS = 8;
  private static final int ALONE = 3;

  private final TensorRuntime runtime;
  private final VisionTower tower;
  private final Tensor pixels;
  private final StateSelection states;
  private final List<Double> seconds = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean done;

  private EncodeBesideLanguage(TensorRuntime runtime, VisionTower tower, Tensor pixels) {
    this.runtime = runtime;
    this.tower = tower;
    this.pixels = pixels;
    this.states = ConnectorKind.NONE.states(tower.config().family(), BLOCKS);
  }

  public static void main(String[] arguments) throws InterruptedException {
    int threads = Integer.parseInt(arguments[0]);
    TowerConfig config = TowerConfig.CLIP_L_336;
    float[] values = new float[FRAMES * 3 * config.side() * config.side()];
    try (TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(threads, "cpu"));
        VisionTower tower =
            VisionTower.load(runtime, Weights.random(), config, Precision.BF16, BLOCKS);
        Tensor pixels = runtime.floats(values, FRAMES, 3, config.side(), config.side())) {
      new EncodeBesideLanguage(runtime, tower, pixels).run(arguments[1].equals("prefill"));
    }
  }

  private void run(boolean prefill) throws InterruptedException {
    encode(); // warm-up
    seconds.clear();
    for (int i = 0; i < ALONE; i++) {
      encode();
    }
    say("encode alone: " + encoded());
    say("language alone: " + language(prefill));
    seconds.clear();
    Thread encoder = Thread.ofPlatform().start(this::encodeOn);
    String language = language(prefill);
    done = true;
    encoder.join();
    say("at once: " + language + "; " + encoded());
  }

  private void encodeOn() {
    while (!done) {
      encode();
    }
  }

  private void encode() {
    long begin = System.nanoTime();
    tower.encode(pixels, states).forEach(Tensor::close);
    seconds.add((System.nanoTime() - begin) / 1e9);
  }

  private String encoded() {
    List<Double> sorted = seconds.stream().sorted().toList();
    return String.format(
        Locale.ROOT,
        "%d frames in %.2f s (%.2f to %.2f)",
        FRAMES,
        sorted.get(sorted.size() / 2),
        sorted.getFirst(),
        sorted.getLast());
  }

  private String language(boolean prefill) {
    var plan =
        new LanguageBench.Plan(
            "llama-1.1b", Precision.INT8, prefill ? 512 : 0, prefill ? 0 : 12, 0, 8, 0, 1, ALONE);
    LanguageBench.Outcome outcome = LanguageBench.run(runtime, plan);
    LanguageBench.Spread rate = (prefill ? outcome.prefill() : outcome.decode()).orElseThrow();
    return String.format(
        Locale.ROOT, "%.1f tokens/s (%.1f to %.1f)", rate.median(), rate.least(), rate.most());
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
