package dev.densestream.trainer.train.clips;

import dev.densestream.trainer.train.config.Shares;
import dev.densestream.trainer.train.config.Stage;
import dev.densestream.trainer.train.model.Parameter;
import dev.densestream.trainer.train.program.ProjectorTrainee;
import dev.densestream.trainer.train.program.ProjectorTrainee.Example;
import dev.densestream.trainer.train.run.ProgressReport;
import dev.densestream.trainer.train.run.RunFolder;
import dev.densestream.trainer.train.run.TrainingRun;
import dev.densestream.visionpipeline.TensorRuntime;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A projector's training on clips from its start, or from where it was, to the model it makes. What
 * is learnt in a step follows from what was asked for and the step alone.
 */
public final class ClipTrainingRun implements AutoCloseable {
  /** Longest gradient. */
  private static final double CLIP = 1;

  private final TrainingRun.Settings settings;
  private final PrintWriter out;
  private final RunFolder folder;
  private final TunedModel tuned;
  private final OpenedModel model;
  private final ToldText text;
  private final Optional<String> prompt;
  private final List<ClipLine> heldOut;
  private final LineOrder order;
  private final Stage stage;
  private final ProjectorTrainee trainee;
  private final ClipFrames frames;
  private final Set<Path> unusable = new HashSet<>();
  private final int firstStep;
  private final long millisBefore;
  private final long started = System.nanoTime();
  private long lastWritten = System.nanoTime();

  /**
   * Reads all lines, opens the model and the folder, and puts back what is there.
   *
   * @param runtime borrowed
   * @throws IllegalArgumentException with a sentence about what cannot be used
   */
  public ClipTrainingRun(
      ClipTraining training,
      Path path,
      boolean resume,
      TrainingRun.Settings settings,
      TensorRuntime runtime,
      PrintWriter out) {
    this.settings = settings;
    this.out = out;
    prompt = training.prompt();
    List<ClipLine> lines = ClipLines.read(training.clips(), training.videos());
    int learnt = lines.size() - training.heldOut();
    check(lines, learnt, training);
    heldOut = lines.subList(learnt, lines.size());
    order =
        new LineOrder(
            lines.subList(0, learnt), training.epochs(), training.batch(), training.seed());
    folder = new RunFolder(path);
    folder.open(ClipTrainingText.of(training, lines), resume);
    model = new OpenedModel(training, runtime);
    try {
      tuned = model.tuned(folder.model());
      text = model.text();
      int each = training.frames().orElseGet(model::framesPerWindow);
      stage = stage(training, each, order.steps());
      if (folder.hasState()) {
        RunFolder.State state = folder.read();
        firstStep = state.step();
        millisBefore = state.millis();
        trainee = model.trainee(state::first);
        trainee.restore(state.moments());
      } else {
        firstStep = 0;
        millisBefore = 0;
        trainee = model.trainee(first(training));
      }
      frames = new ClipFrames(each);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static void check(List<ClipLine> lines, int learnt, ClipTraining training) {
    if (learnt < 1) {
      throw new IllegalArgumentException(
          training.clips() + " has no lines left besides the " + training.heldOut() + " held out");
    }
    long captions = lines.stream().filter(line -> line.question().isEmpty()).count();
    if (training.prompt().isEmpty() && captions > 0 && captions < lines.size()) {
      throw new IllegalArgumentException(
          training.clips()
              + " has captions and questions; --prompt says which question the captions answer");
    }
  }

  private Function<Parameter, float[]> first(ClipTraining training) {
    return training.fresh() ? p -> p.initial(training.seed()) : model::stored;
  }

  /** The original's: a cosine down to nothing behind a warm-up of 3 %. */
  private static Stage stage(ClipTraining training, int frames, int steps) {
    return new Stage(
        "projector",
        steps,
        training.batch(),
        frames,
        frames,
        1,
        Map.of(),
        0,
        0,
        0,
        training.rate(),
        (int) Math.ceil(0.03 * steps),
        0,
        1,
        false,
        Set.of(Stage.Part.PROJECTOR),
        Shares.wordsAlone());
  }

  /** Learns until the end or the most steps of this run. True when the training is over. */
  public boolean run() {
    ProgressReport report =
        new ProgressReport(out, order.steps(), settings.reportEvery(), List.of("loss"));
    takeModel();
    int last = (int) Math.min(order.steps(), (long) firstStep + settings.steps());
    for (int step = firstStep; step < last; step++) {
      float loss = learn(order.step(step));
      double rate = stage.rateAt(step);
      double gradient = trainee.update(step + 1, rate, CLIP);
      report.step(stage, step, step, new float[] {loss}, gradient, rate);
      boolean due = System.nanoTime() - lastWritten >= settings.checkpointEvery().toNanos();
      if (due && step + 1 < last) {
        checkpoint(step + 1);
      }
    }
    checkpoint(Math.max(firstStep, last));
    return last >= order.steps();
  }

  private void takeModel() {
    try {
      tuned.take(model.tower());
      tuned.write(trainee.values()); // what cannot be written shows before anything is learnt
    } catch (IOException e) {
      throw new UncheckedIOException(folder.model() + " cannot be written", e);
    }
  }

  /** Adds the gradients of some lines; the mean loss of what is learnt of them. */
  private float learn(List<ClipLine> lines) {
    List<ToldText.Ids> told = lines.stream().map(this::ids).toList();
    List<Optional<Example>> examples = new ArrayList<>();
    int learnt = 0;
    for (int i = 0; i < lines.size(); i++) {
      Optional<Example> example = example(lines.get(i), told.get(i));
      examples.add(example);
      learnt += example.isPresent() ? told.get(i).learnt() : 0;
    }
    float sum = 0;
    for (Optional<Example> example : examples) {
      if (example.isPresent()) {
        sum += trainee.learn(example.get(), 1.0 / learnt);
      }
    }
    float mean = sum / Math.max(1, learnt);
    if (!Float.isFinite(mean)) {
      throw new IllegalStateException("the loss is no number any more");
    }
    return mean;
  }

  private ToldText.Ids ids(ClipLine line) {
    Optional<String> question = line.question().or(() -> prompt);
    return question.isPresent()
        ? text.asked(question.get(), line.answer())
        : text.plain(line.answer());
  }

  /** Empty for a video that cannot be decoded: said once, and left out. */
  private Optional<Example> example(ClipLine line, ToldText.Ids ids) {
    try {
      var seen = frames.of(line.video());
      int rows = trainee.rows(seen.size(), ids.before().length + ids.behind().length);
      if (rows > model.mostRows()) {
        throw new IOException(
            "It takes " + rows + " rows, and the model has " + model.mostRows() + ".");
      }
      return Optional.of(new Example(seen, ids.before(), ids.behind(), ids.targets()));
    } catch (IOException e) {
      if (unusable.add(line.video())) {
        out.println(
            "left out: line " + line.number() + ", " + line.video() + ": " + e.getMessage());
        out.flush();
      }
      return Optional.empty();
    }
  }

  private void checkpoint(int next) {
    long millis = millisBefore + (System.nanoTime() - started) / 1_000_000;
    folder.write(trainee.parameters(), trainee.values(), trainee.moments(), next, millis);
    try {
      tuned.write(trainee.values());
    } catch (IOException e) {
      throw new UncheckedIOException(folder.model() + " cannot be written", e);
    }
    if (!heldOut.isEmpty()) {
      out.println(String.format(Locale.ROOT, "step %d: held out loss %.4f", next, heldOutLoss()));
      out.flush();
    }
    lastWritten = System.nanoTime();
  }

  /** Mean over all that is told of the lines held out. */
  public double heldOutLoss() {
    double sum = 0;
    int told = 0;
    for (ClipLine line : heldOut) {
      ToldText.Ids ids = ids(line);
      Optional<Example> example = example(line, ids);
      if (example.isPresent()) {
        sum += trainee.loss(example.get());
        told += ids.learnt();
      }
    }
    return sum / Math.max(1, told);
  }

  /** Videos that could not be used so far. */
  public int unusable() {
    return unusable.size();
  }

  @Override
  public void close() {
    frames.close();
    trainee.close();
    model.close();
  }
}
