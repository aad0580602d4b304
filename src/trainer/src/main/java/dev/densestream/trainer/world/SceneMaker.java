package dev.densestream.trainer.world;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Makes one scene up. */
final class SceneMaker {
  private static final double[] ASPECTS = {1, 1, 4 / 3.0, 4 / 3.0, 16 / 9.0, 16 / 9.0, 3 / 4.0};
  private static final long STYLES = 0x2545F4914F6CDD1DL;
  private static final double[] CROWDS = {0.15, 0.30, 0.30, 0.15, 0.10};

  /** Objects of a crowded scene; at most nearly twice as many. */
  private static final int LEAST_CROWDED = 5;

  private final long seed;
  private final SplittableRandom random;

  SceneMaker(long seed, int attempt) {
    this.seed = seed;
    this.random = new SplittableRandom(Seeds.mixed(seed) + 0x632BE59BD9B4E019L * attempt);
  }

  private SplittableRandom styles() {
    return new SplittableRandom(Seeds.mixed(seed + STYLES));
  }

  Scene objects() {
    return objects(random.nextDouble(4, 8));
  }

  Scene objects(double seconds) {
    Stage stage = new Stage(random, seconds, aspect());
    int crowd = crowd();
    List<ActorPlan> plans = new Casting(random, styles()).cast(crowd, stage);
    Choreography choreography = new Choreography(random, stage, plans);
    choreography.plan();
    List<Actor> actors = plans.stream().map(ActorPlan::actor).toList();
    List<Event> events = new ArrayList<>(choreography.events());
    events.sort(Comparator.comparingDouble(Event::start));
    Background background = new Backgrounds(random).behind(actors);
    var setting = new Scene.Setting(background, camera(), Optional.empty());
    return new Scene(seed, stage.seconds(), stage.aspect(), setting, actors, events);
  }

  Scene crowded() {
    Stage stage = new Stage(random, 1, aspect());
    List<Actor> actors =
        new Casting(random, styles())
            .crowd(LEAST_CROWDED + random.nextInt(LEAST_CROWDED), stage).stream()
                .map(ActorPlan::actor)
                .toList();
    var setting =
        new Scene.Setting(new Backgrounds(random).behind(actors), camera(), Optional.empty());
    return new Scene(seed, stage.seconds(), stage.aspect(), setting, actors, List.of());
  }

  Scene foreign() {
    Foreign[] kinds = Foreign.values();
    Foreign kind = kinds[random.nextInt(kinds.length)];
    Camera usual = camera();
    Camera camera =
        kind == Foreign.STATIC ? new Camera(random.nextDouble(40, 90), 0, 1, usual.seed()) : usual;
    Background background =
        random.nextInt(3) == 0
            ? new Backgrounds(random).behind(List.of())
            : new Backgrounds(random).strong();
    var setting = new Scene.Setting(background, camera, Optional.of(kind));
    return new Scene(seed, random.nextDouble(4, 8), aspect(), setting, List.of(), List.of());
  }

  private double aspect() {
    return ASPECTS[random.nextInt(ASPECTS.length)];
  }

  private int crowd() {
    double left = random.nextDouble();
    int crowd = 1;
    for (double share : CROWDS) {
      left -= share;
      if (left < 0) {
        return crowd;
      }
      crowd++;
    }
    return CROWDS.length;
  }

  private Camera camera() {
    double noise = random.nextBoolean() ? 0 : random.nextDouble(1, 8);
    double shake = random.nextInt(3) == 0 ? random.nextDouble(0.003, 0.012) : 0;
    return new Camera(noise, shake, random.nextDouble(0.88, 1.08), random.nextLong());
  }
}
