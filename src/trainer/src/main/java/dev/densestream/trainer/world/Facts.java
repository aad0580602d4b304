package dev.densestream.trainer.world;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What can be told from certain frames of a scene, from the scene itself, never from pixels.
 *
 * @param times of the frames, rising
 * @param sightings of the objects that are not hidden in all of them
 * @param happenings in order of their onset
 */
public record Facts(
    Scene scene, List<Double> times, List<Sighting> sightings, List<Happening> happenings) {
  public Facts {
    requireNonNull(scene, "scene is null");
    times = List.copyOf(times);
    sightings = List.copyOf(sightings);
    happenings = List.copyOf(happenings);
    if (times.isEmpty()) {
      throw new IllegalArgumentException("there must be a frame");
    }
  }

  /**
   * For a viewer of just these frames.
   *
   * @param seconds rising
   */
  public static Facts of(Scene scene, double... seconds) {
    List<Sighting> all = new ArrayList<>();
    for (int i = 0; i < scene.actors().size(); i++) {
      all.add(sighting(scene, i, seconds));
    }
    List<Happening> happenings = new Witness(all, seconds).happenings(scene.events());
    List<Sighting> sightings = all.stream().filter(s -> !s.hidden()).toList();
    List<Double> times = new ArrayList<>();
    for (double time : seconds) {
      times.add(time);
    }
    return new Facts(scene, times, sightings, happenings);
  }

  private static Sighting sighting(Scene scene, int index, double... seconds) {
    Actor actor = scene.actors().get(index);
    List<Moment> moments = new ArrayList<>();
    for (double at : seconds) {
      double visible = Visibility.of(scene, index, at);
      moments.add(new Moment(actor.at(at), visible, actor.paint(at).colour()));
    }
    return new Sighting(index, actor.look(), moments);
  }

  /** Whether there is something to ask about. */
  public boolean known() {
    return sightings.stream().anyMatch(Sighting::seen);
  }

  /** Whether each object can be named or is not there at all. */
  public boolean certain() {
    return sightings.stream().allMatch(Sighting::seen);
  }

  public Optional<Sighting> sighting(int actor) {
    return sightings.stream().filter(sighting -> sighting.actor() == actor).findFirst();
  }

  /** What an object is seen to do. */
  public List<Happening> happenings(int actor) {
    return happenings.stream().filter(happening -> happening.actor() == actor).toList();
  }

  /** Longest time between two frames next to each other. */
  public double gap() {
    double most = 0;
    for (int i = 1; i < times.size(); i++) {
      most = Math.max(most, times.get(i) - times.get(i - 1));
    }
    return most;
  }
}
