package dev.densestream.trainer.train.run;

import dev.densestream.answerservice.prompt.ConversationTemplate;
import dev.densestream.answerservice.tokenizer.Tokenizer;
import dev.densestream.trainer.language.Vocabulary;
import dev.densestream.trainer.train.config.ModelPlan;
import dev.densestream.trainer.train.config.Stage;
import dev.densestream.trainer.train.config.TrainConfig;
import dev.densestream.trainer.train.lesson.Batch;
import dev.densestream.trainer.train.lesson.BatchAssembly;
import dev.densestream.trainer.train.lesson.LessonProducer;
import dev.densestream.trainer.train.lesson.WorldLessons;
import dev.densestream.trainer.train.model.ModelWriter;
import dev.densestream.trainer.train.model.Parameter;
import dev.densestream.trainer.train.model.ParameterTable;
import dev.densestream.trainer.train.model.StoredTower;
import dev.densestream.trainer.train.model.TokenizerWriter;
import dev.densestream.trainer.train.program.Trainee;
import dev.densestream.trainer.world.Split;
import dev.densestream.visionpipeline.TensorRuntime;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A training from its config to the model it makes. What is learnt in a step follows from the
 * config and the step alone, so that a training that was ended goes on where it was.
 */
public final class TrainingRun implements AutoCloseable {
  /** Seed of the scenes asked about, all as clips: the same ones for all models. */
  private static final long EXAMINED_SCENES = 1;

  private static final int EXAMINED_EXERCISES = 4;

  private final TrainConfig config;
  private final Settings settings;
  private final RunFolder folder;
  private final PrintWriter out;
  private final TokenizerWriter words;
  private final Tokenizer tokenizer;
  private final Trainee trainee;
  private final int firstStep;
  private final long millisBefore;
  private final long started = System.nanoTime();
  private long lastWritten = System.nanoTime();

  /**
   * How, rather than what.
   *
   * @param steps most steps of this run; the training can be resumed behind them
   * @param checkpointEvery time between two checkpoints
   * @param examined scenes asked about at each checkpoint
   * @param reportEvery steps between two lines; 0 for a line every 10 s
   */
  public record Settings(int steps, Duration checkpointEvery, int examined, int reportEvery) {}

  /**
   * Opens the folder and puts back what is there.
   *
   * @param configText the config as it was read: a training goes on by one that says the same of
   *     all stages that have begun
   * @param runtime borrowed
   */
  public TrainingRun(
      TrainConfig config,
      String configText,
      Path path,
      boolean resume,
      Settings settings,
      TensorRuntime runtime,
      PrintWriter out) {
    this.config = config;
    this.settings = settings;
    this.out = out;
    folder = new RunFolder(path);
    folder.open(configText, resume, TrainingRun::goesOn);
    words = new TokenizerWriter(Vocabulary.words());
    tokenizer = tokenizer();
    ModelPlan plan = config.model();
    ParameterTable table = ParameterTable.of(plan, words.size());
    if (folder.hasState()) {
      RunFolder.State state = folder.read();
      firstStep = state.step();
      millisBefore = state.millis();
      trainee = new Trainee(runtime, plan, table, state::first, config.replicas());
    } else {
      firstStep = 0;
      millisBefore = 0;
      trainee = new Trainee(runtime, plan, table, first(table, runtime), config.replicas());
    }
  }

  private static boolean goesOn(String before, String now, int done) {
    try {
      return TrainConfig.of(now).goesOnFrom(TrainConfig.of(before), done);
    } catch (IllegalArgumentException notOne) {
      return false;
    }
  }

  private Function<Parameter, float[]> first(ParameterTable table, TensorRuntime runtime) {
    Map<String, float[]> tower =
        config.towerFrom() == null
            ? Map.of()
            : StoredTower.read(Path.of(config.towerFrom()), config.model().tower(), table, runtime);
    return parameter -> {
      float[] stored = tower.get(parameter.key());
      return stored == null ? parameter.initial(config.seed()) : stored;
    };
  }

  private Tokenizer tokenizer() {
    try {
      words.write(Files.createDirectories(folder.model()));
      return Tokenizer.open(folder.model());
    } catch (IOException e) {
      throw new UncheckedIOException(folder.model() + " cannot be written", e);
    }
  }

  /** Learns until the end or the most steps of this run. True when the training is over. */
  public boolean run() throws InterruptedException {
    ProgressReport report =
        new ProgressReport(out, config.steps(), settings.reportEvery(), Trainee.LOSSES);
    int last = (int) Math.min(config.steps(), (long) firstStep + settings.steps());
    int stageStart = 0;
    int next = firstStep;
    for (Stage stage : config.stages()) {
      int stageEnd = stageStart + stage.steps();
      if (next < stageEnd && next < last) {
        next = learn(stage, stageStart, next, Math.min(last, stageEnd), report);
        if (next == stageEnd && next < config.steps()) {
          checkpoint(next);
          folder.keepStateAfter(stage.name());
        }
      }
      stageStart = stageEnd;
    }
    if (next > firstStep || !folder.hasState()) { // one that is over already stays as it is
      checkpoint(next);
    }
    return next == config.steps();
  }

  private int learn(Stage stage, int stageStart, int from, int to, ProgressReport report)
      throws InterruptedException {
    trainee.begin(stage);
    if (from > stageStart) {
      trainee.restore(folder.read().moments());
    }
    WorldLessons lessons =
        new WorldLessons(
            config.model(),
            Split.TRAIN,
            config.seed(),
            new WorldLessons.Behind(stage.further(), stage.exercises()),
            stage.crowded(),
            stage.coded());
    try (LessonProducer producer =
        new LessonProducer(
            lessons, assembly(), stage, config.replicas(), config.seed(), from - stageStart)) {
      for (int step = from; step < to; step++) {
        List<Batch> batches = producer.next();
        int own = step - stageStart;
        float[] losses = trainee.learn(batches, stage.shares());
        if (!Float.isFinite(losses[0])) {
          throw new IllegalStateException("the loss is no number any more, at step " + step);
        }
        double rate = stage.rateAt(own);
        double gradient = trainee.update(own + 1, rate, config.decay(), config.clip());
        report.step(stage, own, step, losses, gradient, rate);
        boolean due = System.nanoTime() - lastWritten >= settings.checkpointEvery().toNanos();
        if (due && step + 1 < to) {
          checkpoint(step + 1);
        }
      }
    }
    return to;
  }

  private void checkpoint(int next) {
    folder.write(
        trainee.table().all().toList(),
        trainee.values(),
        next > 0 ? trainee.moments() : Map.of(),
        next,
        millis());
    writeModel(folder.model());
    if (settings.examined() > 0) {
      out.println("checkpoint at step " + next + ": " + examined(settings.examined()));
      out.flush();
    }
    lastWritten = System.nanoTime();
  }

  private long millis() {
    return millisBefore + (System.nanoTime() - started) / 1_000_000;
  }

  /** On scenes of the validation split. */
  private Examination examined(int windows) {
    return examined(Split.VALIDATION, EXAMINED_EXERCISES, windows);
  }

  /** On scenes of the test split, which nothing was chosen by. */
  public Examination tested(int windows) {
    return examined(Split.TEST, 0, windows);
  }

  /** What guessing gets of what {@link #tested} asks, by type and of {@code all}. */
  public static Map<String, Double> chance(TrainConfig config, int windows) {
    return Chance.of(examples(config, Split.TEST, 0), config.model().framesPerWindow(), windows);
  }

  private static WorldLessons examples(TrainConfig config, Split split, int exercises) {
    WorldLessons.Behind behind = new WorldLessons.Behind(Map.of(), exercises);
    return new WorldLessons(config.model(), split, EXAMINED_SCENES, behind, 0, 1);
  }

  private Examination examined(Split split, int exercises, int windows) {
    WorldLessons lessons = examples(config, split, exercises);
    BatchAssembly own = assembly(); // the other one belongs to the producer's thread
    return Examination.of(trainee, lessons, own, config.model().framesPerWindow(), windows);
  }

  private BatchAssembly assembly() {
    ConversationTemplate template = ConversationTemplate.named(ModelWriter.CONVERSATION);
    return new BatchAssembly(tokenizer, template, config.model().tokens());
  }

  /** In the published format. */
  public void writeModel(Path directory) {
    String notice = "demo model: knows a synthetic world of moving shapes and nothing else";
    try {
      new ModelWriter(config.name(), notice, config.model(), trainee.table(), words)
          .write(Files.createDirectories(directory), trainee.values(), true);
    } catch (IOException e) {
      throw new UncheckedIOException(directory + " cannot be written", e);
    }
  }

  @Override
  public void close() {
    trainee.close();
    tokenizer.close();
  }
}
