package dev.densestream.trainer.world;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * A few seconds of the world, as data.
 *
 * <p>Lengths are in units of the square root of the picture's area: {@link #width()} times {@link
 * #height()} is 1, so that objects are as large in a portrait as in a landscape.
 *
 * @param seed which scene this is; its split is part of it
 * @param seconds length
 * @param aspect width by height
 * @param actors from back to front; none when the setting is foreign
 * @param events in order of their start
 */
public record Scene(
    long seed,
    double seconds,
    double aspect,
    Setting setting,
    List<Actor> actors,
    List<Event> events) {
  public Scene {
    requireNonNull(setting, "setting is null");
    actors = List.copyOf(actors);
    events = List.copyOf(events);
    if (!(seconds > 0) || !(aspect > 0)) {
      throw new IllegalArgumentException(
          "seconds and aspect must be > 0: were " + seconds + ", " + aspect);
    }
    if (setting.foreign().isPresent() != actors.isEmpty()) {
      throw new IllegalArgumentException("a scene has objects, or is foreign");
    }
  }

  /** What is around the objects. */
  public record Setting(Background background, Camera camera, Optional<Foreign> foreign) {
    public Setting {
      requireNonNull(background, "background is null");
      requireNonNull(camera, "camera is null");
      requireNonNull(foreign, "foreign is null");
    }
  }

  public double width() {
    return Math.sqrt(aspect);
  }

  public double height() {
    return 1 / Math.sqrt(aspect);
  }

  /** Seconds in the middles of that many equal stretches, as a viewer's frames are sampled. */
  public double[] middles(int count) {
    double[] times = new double[count];
    for (int i = 0; i < count; i++) {
      times[i] = seconds * (i + 0.5) / count;
    }
    return times;
  }

  /** Whether nothing of the world is in it: whoever is asked about it cannot know. */
  public boolean isForeign() {
    return actors.isEmpty();
  }
}
