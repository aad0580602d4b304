package dev.densestream.trainer.train.lesson;

import dev.densestream.framesampler.Frame;
import dev.densestream.trainer.language.CaptionLength;
import dev.densestream.trainer.language.Example;
import dev.densestream.trainer.language.Exercise;
import dev.densestream.trainer.language.QuestionType;
import dev.densestream.trainer.language.Questions;
import dev.densestream.trainer.train.config.ModelPlan;
import dev.densestream.trainer.world.Coverage;
import dev.densestream.trainer.world.Facts;
import dev.densestream.trainer.world.Scene;
import dev.densestream.trainer.world.Split;
import dev.densestream.trainer.world.World;
import dev.densestream.visionpipeline.preprocess.FramePreparation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Lessons from scenes of the world. Frames are prepared as when serving. */
public final class WorldLessons implements Lessons {
  private final ModelPlan plan;
  private final Split split;
  private final long seed;
  private final Behind behind;
  private final double crowded;
  private final Filming filming;
  private final FramePreparation preparation;

  /**
   * What stands behind a window's questions.
   *
   * @param further most further questions of each type
   * @param exercises that need no picture
   */
  public record Behind(Map<QuestionType, Integer> further, int exercises) {
    public Behind {
      further = Map.copyOf(further);
    }
  }

  /**
   * From the scenes of a split.
   *
   * @param behind each window's questions
   * @param crowded share of the windows that show a still crowd
   * @param coded share of the windows whose frames go through an encoder and the decoder
   */
  public WorldLessons(
      ModelPlan plan, Split split, long seed, Behind behind, double crowded, double coded) {
    this.plan = plan;
    this.split = split;
    this.seed = seed;
    this.behind = behind;
    this.crowded = crowded;
    filming = new Filming(plan.tower().side(), coded);
    preparation = FramePreparation.clip(plan.tower().side(), true);
  }

  @Override
  public Lesson lesson(long index, int frames, int questions) {
    Random random = new Random(index * 31 + seed);
    random.nextLong();
    boolean crowd = random.nextDouble() < crowded;
    Scene scene = crowd ? World.crowd(split, seed, index) : World.scene(split, seed, index);
    double[] times = times(scene, frames, random);
    List<Frame> film = filming.film(scene, times, random);
    Frame first = film.getFirst();
    Coverage coverage = new Coverage(scene, first.width(), first.height());
    CellLabels cells =
        new CellLabels(scene, times, coverage, Labels.OUTLINE_SIDE * plan.tower().grid());
    Facts facts = Facts.of(scene, times);
    History history = new History(facts);
    return new Lesson(
        pixels(film),
        cells.outlines(plan.tower().grid()),
        cells.labels(plan.tokenGrid()),
        cells.history(plan.tokenGrid(), history),
        crowd ? List.of() : dialogues(facts, history, questions, random));
  }

  /** In the middles of equal stretches, as frames are sampled, a little off. */
  private static double[] times(Scene scene, int frames, Random random) {
    double each = scene.seconds() / frames;
    double off = (random.nextDouble() - 0.5) * 0.8;
    double[] times = new double[frames];
    for (int i = 0; i < frames; i++) {
      times[i] = each * (i + 0.5 + off * 0.5);
    }
    return times;
  }

  private float[] pixels(List<Frame> film) {
    float[] pixels = new float[film.size() * preparation.pixelValues()];
    for (int i = 0; i < film.size(); i++) {
      preparation.prepare(film.get(i), pixels, i * preparation.pixelValues());
    }
    return pixels;
  }

  private static Lesson.Dialogue dialogue(Example example, History history) {
    List<Lesson.Mention> mentions =
        example.mentions().stream()
            .map(one -> new Lesson.Mention(one.phrase(), history.onset(one.happening())))
            .toList();
    return new Lesson.Dialogue(
        example.question(),
        List.of(example.answer()),
        example.type().word(),
        mentions,
        (int) example.choices().stream().distinct().count());
  }

  private static Lesson.Dialogue dialogue(Exercise one) {
    List<Lesson.Mention> mentions = one.sentences().stream().map(Lesson.Mention::new).toList();
    return new Lesson.Dialogue(one.question(), one.answer(), Exercise.WORD, mentions);
  }

  private List<Lesson.Dialogue> dialogues(Facts facts, History history, int most, Random random) {
    List<Example> examples = new ArrayList<>(Questions.about(facts, random));
    Collections.shuffle(examples, random);
    List<Lesson.Dialogue> dialogues = new ArrayList<>();
    examples.stream()
        .limit(most)
        .map(example -> dialogue(example, history))
        .forEach(dialogues::add);
    for (CaptionLength length : CaptionLength.values()) {
      String prompt = length.prompt(random);
      List<String> told = length.of(facts);
      if (!told.isEmpty()) {
        dialogues.add(new Lesson.Dialogue(prompt, told, length.word(), List.of()));
      }
    }
    for (Exercise one : Exercise.some(random, behind.exercises())) {
      dialogues.add(dialogue(one));
    }
    for (Example one : Questions.further(facts, random, behind.further())) {
      dialogues.add(dialogue(one, history));
    }
    return dialogues;
  }
}
