package dev.densestream.trainer.world;

import java.util.function.Function;

/** All scenes there are, by split, seed and number. Equal arguments give equal scenes. */
public final class World {
  private static final double FOREIGN_SHARE = 0.15;
  private static final int ATTEMPTS = 1000;

  private World() {}

  /** A scene, now and then a foreign one. */
  public static Scene scene(Split split, long seed, long index) {
    long mixed = Seeds.mixed(Seeds.of(split, seed, index));
    boolean foreign = (mixed >>> 11) * 0x1p-53 < FOREIGN_SHARE;
    return foreign ? foreign(split, seed, index) : objects(split, seed, index);
  }

  /** A scene with objects. */
  public static Scene objects(Split split, long seed, long index) {
    return made(split, seed, index, SceneMaker::objects);
  }

  /** A scene with objects that lasts so long. */
  public static Scene objects(Split split, long seed, long index, double seconds) {
    return made(split, seed, index, maker -> maker.objects(seconds));
  }

  private static Scene made(Split split, long seed, long index, Function<SceneMaker, Scene> make) {
    long own = Seeds.of(split, seed, index);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Scene scene = make.apply(new SceneMaker(own, attempt));
      if (HeldOut.in(scene).isEmpty() != (split == Split.TEST)) {
        return scene;
      }
    }
    throw new IllegalStateException("no scene of split " + split + " for seed " + own);
  }

  /** A still scene crowded with objects, some in front of others: much to see in few pictures. */
  public static Scene crowd(Split split, long seed, long index) {
    return made(split, seed, index, SceneMaker::crowded);
  }

  /** A scene without any object of the world. */
  public static Scene foreign(Split split, long seed, long index) {
    return new SceneMaker(Seeds.of(split, seed, index), 0).foreign();
  }

  /** The split that a scene belongs to. */
  public static Split split(Scene scene) {
    return Seeds.split(scene.seed());
  }
}
