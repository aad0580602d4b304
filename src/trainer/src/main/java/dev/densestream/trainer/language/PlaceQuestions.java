package dev.densestream.trainer.language;

import dev.densestream.trainer.world.Keyframe;
import dev.densestream.trainer.world.Moment;
import dev.densestream.trainer.world.Sighting;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Where objects are, in the picture and beside each other. */
final class PlaceQuestions {
  /** Shares of the picture that nobody argues about. */
  private static final double NEAR = 0.42;

  private static final double CORNER = 0.38;
  private static final double MIDDLE = 0.08;

  /** Least distance along an axis for one to be beside another, in units of the scene. */
  private static final double APART = 0.18;

  private final Asking asking;

  private PlaceQuestions(Asking asking) {
    this.asking = asking;
  }

  static void ask(Asking asking) {
    PlaceQuestions questions = new PlaceQuestions(asking);
    for (Sighting sighting : asking.seen()) {
      asking.naming(sighting).ifPresent(name -> questions.about(sighting, name));
    }
    List<Sighting> steady = asking.seen().stream().filter(Sighting::always).toList();
    Optional<Sighting> one = asking.any(steady);
    Optional<Sighting> other = asking.any(steady);
    if (one.isPresent() && !one.equals(other)) {
      questions.beside(one.orElseThrow(), other.orElseThrow());
    }
  }

  private void about(Sighting sighting, String name) {
    everywhere(sighting, this::side).ifPresent(s -> put(Wording.SIDE, name, s, Answers.SIDES));
    everywhere(sighting, this::half).ifPresent(s -> put(Wording.HALF, name, s, Answers.HALVES));
    Optional<String> place = everywhere(sighting, this::place);
    if (place.isPresent()) {
      put(Wording.PLACE, name, place.orElseThrow(), Answers.PLACES);
    } else {
      at(sighting.moments().getFirst(), Wording.PLACE_AT_START, name);
      at(sighting.moments().getLast(), Wording.PLACE_AT_END, name);
    }
  }

  private void at(Moment moment, Wording wording, String name) {
    if (moment.clear()) {
      place(moment).ifPresent(place -> put(wording, name, place, Answers.PLACES));
    }
  }

  private void put(Wording wording, String name, String answer, List<String> choices) {
    asking.ask(QuestionType.POSITION, wording.put(asking.random(), name), answer, choices);
  }

  /** What is true in all frames that show something of it. */
  private static Optional<String> everywhere(
      Sighting sighting, Function<Moment, Optional<String>> place) {
    List<Optional<String>> all =
        sighting.moments().stream().filter(m -> !m.hidden()).map(place).distinct().toList();
    return all.size() == 1 ? all.getFirst() : Optional.empty();
  }

  private Optional<String> side(Moment moment) {
    return either(across(moment), NEAR, "left", "right");
  }

  private Optional<String> half(Moment moment) {
    return either(down(moment), NEAR, "top", "bottom");
  }

  private Optional<String> place(Moment moment) {
    if (Math.abs(across(moment) - 0.5) < MIDDLE && Math.abs(down(moment) - 0.5) < MIDDLE) {
      return Optional.of("middle");
    }
    Optional<String> column = either(across(moment), CORNER, "left", "right");
    return either(down(moment), CORNER, "top", "bottom")
        .flatMap(row -> column.map(side -> row + " " + side));
  }

  private static Optional<String> either(double share, double near, String low, String high) {
    if (share <= near) {
      return Optional.of(low);
    }
    return share >= 1 - near ? Optional.of(high) : Optional.empty();
  }

  private double across(Moment moment) {
    return moment.at().x() / asking.facts().scene().width();
  }

  private double down(Moment moment) {
    return moment.at().y() / asking.facts().scene().height();
  }

  private void beside(Sighting one, Sighting other) {
    Optional<String> name = asking.naming(one);
    Optional<String> otherName = asking.naming(other);
    if (name.isEmpty() || otherName.isEmpty()) {
      return;
    }
    Object[] names = {name.orElseThrow(), otherName.orElseThrow()};
    between(one, other, Keyframe::x, "left", "right")
        .ifPresent(
            side ->
                asking.ask(
                    QuestionType.POSITION,
                    Wording.BESIDE.put(asking.random(), names),
                    side,
                    Answers.SIDES));
    between(one, other, Keyframe::y, "above", "below")
        .ifPresent(
            level ->
                asking.ask(
                    QuestionType.POSITION,
                    Wording.OVER.put(asking.random(), names),
                    level,
                    Answers.LEVELS));
  }

  private static Optional<String> between(
      Sighting one, Sighting other, Function<Keyframe, Double> axis, String low, String high) {
    boolean lower = true;
    boolean higher = true;
    for (int i = 0; i < one.moments().size(); i++) {
      double difference =
          axis.apply(one.moments().get(i).at()) - axis.apply(other.moments().get(i).at());
      lower &= difference <= -APART;
      higher &= difference >= APART;
    }
    return lower ? Optional.of(low) : higher ? Optional.of(high) : Optional.empty();
  }
}
