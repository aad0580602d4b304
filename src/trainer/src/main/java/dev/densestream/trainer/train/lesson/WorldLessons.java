package dev.densestream.trainer.train.lesson;

import dev.densestream.framesampler.Frame;
import dev.densestream.trainer.language.Captions;
import dev.densestream.trainer.language.Example;
import dev.densestream.trainer.language.Questions;
import dev.densestream.trainer.train.config.ModelPlan;
import dev.densestream.trainer.world.Facts;
import dev.densestream.trainer.world.Renderer;
import dev.densestream.trainer.world.Scene;
import dev.densestream.trainer.world.Split;
import dev.densestream.trainer.world.World;
import dev.densestream.visionpipeline.preprocess.FramePreparation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Lessons from scenes of the world, drawn at once. Frames are prepared as when serving: padded to a
 * square, now and then drawn larger and resized, or with black bars.
 */
public final class WorldLessons implements Lessons {
  private static final double LARGER = 0.15;
  private static final double BARS = 0.1;

  private final ModelPlan plan;
  private final Split split;
  private final long seed;
  private final FramePreparation preparation;

  public WorldLessons(ModelPlan plan, Split split, long seed) {
    this.plan = plan;
    this.split = split;
    this.seed = seed;
    preparation = FramePreparation.clip(plan.tower().side(), true);
  }

  @Override
  public Lesson lesson(long index, int frames, int questions) {
    Random random = new Random(index * 31 + seed);
    random.nextLong();
    Scene scene = World.scene(split, seed, index);
    double[] times = times(scene, frames, random);
    Facts facts = Facts.of(scene, times);
    CellLabels cells = new CellLabels(scene, times, 2 * plan.tower().grid());
    return new Lesson(
        pixels(scene, times, random),
        cells.labels(plan.tower().grid()),
        cells.labels(plan.tokenGrid()),
        cells.motion(plan.tokenGrid()),
        dialogues(facts, questions, random));
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

  private float[] pixels(Scene scene, double[] times, Random random) {
    int side = plan.tower().side();
    int longer = random.nextDouble() < LARGER ? side + random.nextInt(side) : side;
    boolean bars = random.nextDouble() < BARS;
    double aspect = bars ? 1 : scene.aspect();
    int width = aspect >= 1 ? longer : Math.max(8, (int) Math.round(longer * aspect));
    int height = aspect <= 1 ? longer : Math.max(8, (int) Math.round(longer / aspect));
    Renderer renderer = new Renderer(scene, width, height);
    float[] pixels = new float[times.length * preparation.pixelValues()];
    for (int i = 0; i < times.length; i++) {
      byte[] rgb = new byte[width * height * 3];
      renderer.draw(times[i], rgb, 0);
      Frame frame = new Frame((long) (times[i] * 1e6), width, height, rgb);
      preparation.prepare(frame, pixels, i * preparation.pixelValues());
    }
    return pixels;
  }

  private static List<Lesson.Dialogue> dialogues(Facts facts, int most, Random random) {
    List<Example> examples = new ArrayList<>(Questions.about(facts, random));
    Collections.shuffle(examples, random);
    List<Lesson.Dialogue> dialogues = new ArrayList<>();
    examples.stream()
        .limit(most)
        .map(e -> new Lesson.Dialogue(e.question(), e.answer(), e.type().word()))
        .forEach(dialogues::add);
    String prompt = Captions.PROMPTS.get(random.nextInt(Captions.PROMPTS.size()));
    Captions.of(facts)
        .map(caption -> new Lesson.Dialogue(prompt, caption, "caption"))
        .ifPresent(dialogues::add);
    return dialogues;
  }
}
