package dev.densestream.trainer.train.ablation;

import dev.densestream.trainer.train.config.TrainConfig;
import dev.densestream.trainer.train.run.Examination;
import dev.densestream.trainer.train.run.RunFolder;
import dev.densestream.trainer.train.run.TrainingRun;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.TensorRuntime;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * Trains the same config with each connector and several seeds, the same number of steps each, and
 * asks all of them about the same scenes of the test split. What is done already is not done again.
 */
public final class Ablation {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final TrainConfig config;
  private final Path folder;
  private final int examined;
  private final RuntimeSettings engine;
  private final PrintWriter out;

  /**
   * Trains nothing yet.
   *
   * @param examined scenes of the test split
   * @param engine that all are trained on
   */
  public Ablation(
      TrainConfig config, Path folder, int examined, RuntimeSettings engine, PrintWriter out) {
    this.config = config;
    this.folder = folder;
    this.examined = examined;
    this.engine = engine;
    this.out = out;
  }

  /** The table, in Markdown. */
  public String table(List<Variant> variants, List<Long> seeds) throws InterruptedException {
    List<Outcome> outcomes = new ArrayList<>();
    for (long seed : seeds) {
      for (Variant variant : variants) {
        outcomes.add(outcome(variant, seed));
      }
    }
    return AblationTable.of(outcomes, TrainingRun.chance(config, examined));
  }

  private Outcome outcome(Variant variant, long seed) throws InterruptedException {
    Path own = folder.resolve(variant.word() + "-" + seed);
    TrainConfig changed = config.with(seed, variant.of(config.model()));
    String text = JSON.writeValueAsString(changed);
    new RunFolder(own).open(text, true);
    Path known = own.resolve("outcome.json");
    try {
      if (Files.exists(known)) {
        Outcome outcome = JSON.readValue(Files.readString(known), Outcome.class);
        if (outcome.scenes() == examined) {
          return outcome;
        }
      }
      Outcome outcome = trained(variant, changed, text, own);
      Files.writeString(known, JSON.writeValueAsString(outcome));
      return outcome;
    } catch (IOException e) {
      throw new UncheckedIOException(known + " cannot be used", e);
    }
  }

  private Outcome trained(Variant variant, TrainConfig changed, String text, Path own)
      throws InterruptedException {
    TrainingRun.Settings settings =
        new TrainingRun.Settings(Integer.MAX_VALUE, Duration.ofMinutes(5), 0, 0);
    out.println(variant.word() + ", seed " + changed.seed());
    Map<String, Double> accuracy = new TreeMap<>();
    try (TensorRuntime runtime = TensorRuntime.open(engine);
        TrainingRun run = new TrainingRun(changed, text, own, true, settings, runtime, out)) {
      run.run();
      Examination examination = run.tested(examined);
      examination.byType().forEach((type, score) -> accuracy.put(type, score.accuracy()));
      accuracy.put("all", examination.accuracy());
    }
    // As it is served, which may be on another number of threads: the engine has one for all.
    double millis = AnswerTime.median(own.resolve("model"));
    return new Outcome(
        variant, changed.seed(), examined, changed.model().tokens(), millis, accuracy);
  }
}
