package dev.densestream.trainer.language;

import dev.densestream.trainer.world.Action;
import dev.densestream.trainer.world.Direction;
import dev.densestream.trainer.world.Happening;
import dev.densestream.trainer.world.Sighting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Direction, motion and change. */
final class MotionQuestions {
  private final Asking asking;

  private MotionQuestions(Asking asking) {
    this.asking = asking;
  }

  static void ask(Asking asking) {
    MotionQuestions questions = new MotionQuestions(asking);
    for (Sighting sighting : asking.seen()) {
      asking.naming(sighting).ifPresent(name -> questions.about(sighting, name));
      asking
          .naming(sighting, one -> one.colour().isEmpty() && one.size().isEmpty())
          .ifPresent(name -> questions.change(sighting, name));
    }
    questions.mover();
  }

  private void about(Sighting sighting, String name) {
    sighting.direction().ifPresent(way -> direction(way, name));
    if (sighting.still() || sighting.direction().isPresent()) {
      String answer = Answers.yes(!sighting.still());
      put(QuestionType.MOTION, Wording.MOVES, name, answer, Answers.YES_NO);
    }
    if (sighting.still() && asking.random().nextInt(4) == 0) {
      put(QuestionType.DIRECTION, Wording.DIRECTION, name, Answers.NOWHERE, Answers.DIRECTIONS);
    }
  }

  private void direction(Direction way, String name) {
    put(QuestionType.DIRECTION, Wording.DIRECTION, name, way.word(), Answers.DIRECTIONS);
    if (asking.random().nextBoolean()) {
      boolean sideways = way.y() == 0;
      put(
          QuestionType.DIRECTION,
          sideways ? Wording.SIDEWAYS : Wording.UPRIGHT,
          name,
          way.word(),
          sideways ? Answers.SIDES : List.of("up", "down"));
    }
  }

  private void put(
      QuestionType type, Wording wording, String name, String answer, List<String> choices) {
    asking.ask(type, wording.put(asking.random(), name), answer, choices);
  }

  /** What moves, when it is one; nothing, when all rest. */
  private void mover() {
    List<String> choices = new ArrayList<>();
    for (Sighting sighting : asking.facts().sightings()) {
      Description.full(sighting).map(Description::text).ifPresent(choices::add);
    }
    if (choices.stream().distinct().count() != asking.facts().sightings().size()) {
      return;
    }
    choices.add(Answers.NOTHING);
    boolean allRest = asking.facts().sightings().stream().allMatch(Sighting::still);
    Optional<String> answer =
        allRest
            ? Optional.of(Answers.NOTHING)
            : asking.onlyMover().flatMap(Description::full).map(Description::text);
    answer.ifPresent(
        text -> asking.ask(QuestionType.MOTION, Wording.MOVER.put(asking.random()), text, choices));
  }

  private void change(Sighting sighting, String name) {
    List<Happening> changes = changes(sighting);
    for (Happening happening : changes) {
      if (happening.action() instanceof Action.Turns(var to) && turnsOnce(sighting)) {
        put(QuestionType.CHANGE, Wording.BECOMES, name, to.word(), Answers.COLOURS);
        String before = sighting.moments().getFirst().colour().word();
        if (sighting.moments().getFirst().clear()) {
          put(QuestionType.CHANGE, Wording.BECAME, name, before, Answers.COLOURS);
        }
      }
    }
    aspect(sighting, changes)
        .ifPresent(what -> put(QuestionType.CHANGE, Wording.CHANGES, name, what, Answers.ASPECTS));
    growth(changes)
        .ifPresent(what -> put(QuestionType.CHANGE, Wording.GROWTH, name, what, Answers.GROWTH));
  }

  /** Two colours in sight, the second one at the end. */
  private static boolean turnsOnce(Sighting sighting) {
    return sighting.colours().size() == 2
        && sighting.moments().getLast().clear()
        && sighting.moments().getLast().colour() != sighting.moments().getFirst().colour();
  }

  private List<Happening> changes(Sighting sighting) {
    return asking.facts().happenings(sighting.actor()).stream()
        .filter(
            happening ->
                happening.action() instanceof Action.Turns
                    || happening.action() instanceof Action.Grows
                    || happening.action() instanceof Action.Shrinks)
        .toList();
  }

  /** The one thing that changes, if it is one. */
  private static Optional<String> aspect(Sighting sighting, List<Happening> changes) {
    if (!sighting.always()) {
      return Optional.empty();
    }
    boolean turns = sighting.colours().size() > 1;
    if (changes.isEmpty() && !turns) {
      return sighting.still()
          ? Optional.of(Answers.NOTHING)
          : sighting.direction().filter(_ -> sighting.size().isPresent()).map(_ -> "place");
    }
    boolean rests = sighting.direction().isEmpty() && fixed(sighting);
    if (changes.size() != 1 || !rests || (turns && sighting.size().isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(turns ? "colour" : "size");
  }

  private static boolean fixed(Sighting sighting) {
    var first = sighting.moments().getFirst().at();
    return sighting.moments().stream()
        .allMatch(m -> Math.hypot(m.at().x() - first.x(), m.at().y() - first.y()) < 0.012);
  }

  private static Optional<String> growth(List<Happening> changes) {
    List<String> ways = new ArrayList<>();
    for (Happening happening : changes) {
      if (happening.action() instanceof Action.Grows) {
        ways.add("grow");
      } else if (happening.action() instanceof Action.Shrinks) {
        ways.add("shrink");
      }
    }
    return ways.size() == 1 ? Optional.of(ways.getFirst()) : Optional.empty();
  }
}
