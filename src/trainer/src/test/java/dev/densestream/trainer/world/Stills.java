package dev.densestream.trainer.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Scenes made by hand, before a plain grey wall, filmed without noise. */
public final class Stills {
  public static final int GREY = 0x808080;
  public static final double SECONDS = 4;

  private Stills() {}

  public static Scene scene(double aspect, Actor... actors) {
    return scene(aspect, List.of(), actors);
  }

  public static Scene scene(double aspect, List<Event> events, Actor... actors) {
    var setting =
        new Scene.Setting(
            new Background(Background.Kind.PLAIN, GREY, GREY, 1),
            new Camera(0, 0, 1, 1),
            Optional.empty());
    return new Scene(0, SECONDS, aspect, setting, List.of(actors), events);
  }

  /** From one place to another in the whole time of the scene. */
  public static Actor moving(
      Shape shape, Colour colour, int rgb, double x0, double y0, double x1, double y1) {
    List<Keyframe> path = new ArrayList<>();
    path.add(new Keyframe(0, x0, y0, 0.1));
    path.add(new Keyframe(SECONDS, x1, y1, 0.1));
    return new Actor(
        new Look(shape, Size.SMALL, Texture.PLAIN, 0), path, List.of(new Paint(0, colour, rgb)));
  }

  public static Actor still(Shape shape, Colour colour, int rgb, double x, double y) {
    return moving(shape, colour, rgb, x, y, x, y);
  }
}
