package dev.densestream.trainer.language;

import dev.densestream.trainer.language.Example.Mention;
import dev.densestream.trainer.world.Action;
import dev.densestream.trainer.world.Happening;
import dev.densestream.trainer.world.Sighting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What comes before what. */
final class OrderQuestions {
  /** Least time between two beginnings for their order to be seen. */
  private static final double APART = 0.7;

  private final Asking asking;

  private OrderQuestions(Asking asking) {
    this.asking = asking;
  }

  static void ask(Asking asking) {
    OrderQuestions questions = new OrderQuestions(asking);
    List<Happening> all = asking.facts().happenings().stream().filter(Happening::begins).toList();
    List<Happening> usable = all.stream().filter(one -> questions.once(one, all)).toList();
    for (int i = 0; i < usable.size(); i++) {
      for (int j = i + 1; j < usable.size(); j++) {
        questions.pair(usable.get(i), usable.get(j));
      }
    }
  }

  /** Whether the object does so once, and nobody can take another action of it for this one. */
  private boolean once(Happening one, List<Happening> all) {
    return all.stream()
            .filter(other -> other.actor() == one.actor())
            .filter(other -> Predicates.of(other.action()).equals(Predicates.of(one.action())))
            .count()
        == 1;
  }

  private void pair(Happening first, Happening second) {
    double least = Math.max(APART, 1.1 * asking.facts().gap());
    if (second.onset() - first.onset() < least) {
      return;
    }
    Optional<String> one = name(first);
    Optional<String> other = name(second);
    if (one.isEmpty() || other.isEmpty()) {
      return;
    }
    String before = "the " + one.orElseThrow() + " " + predicate(first);
    String after = "the " + other.orElseThrow() + " " + predicate(second);
    happens(new Mention(before, first), new Mention(after, second));
    if (first.actor() != second.actor() && firstMove(first) && firstMove(second)) {
      movers(new Mention(one.orElseThrow(), first), new Mention(other.orElseThrow(), second));
    }
  }

  private static String predicate(Happening happening) {
    return Predicates.of(happening.action());
  }

  private void happens(Mention before, Mention after) {
    boolean swapped = asking.random().nextBoolean();
    boolean last = asking.random().nextInt(4) == 0;
    ask(last ? Wording.LAST : Wording.FIRST, swapped, last ? after : before, before, after);
  }

  private void movers(Mention before, Mention after) {
    ask(Wording.FIRST_MOVER, asking.random().nextBoolean(), before, before, after);
  }

  private void ask(Wording wording, boolean swapped, Mention right, Mention before, Mention after) {
    List<String> choices =
        swapped
            ? List.of(after.phrase(), before.phrase())
            : List.of(before.phrase(), after.phrase());
    asking.ask(
        new Example(
            wording.put(asking.random(), choices.toArray()),
            right.phrase(),
            QuestionType.ORDER,
            choices,
            List.of(before, after)));
  }

  /** Whether it is the first move of its object that the frames can show. */
  private boolean firstMove(Happening happening) {
    List<Happening> moves = new ArrayList<>();
    for (Happening one : asking.facts().happenings(happening.actor())) {
      if (moves(one.action())) {
        moves.add(one);
      }
    }
    return !moves.isEmpty() && moves.getFirst().equals(happening);
  }

  private static boolean moves(Action action) {
    return action instanceof Action.Moves
        || action instanceof Action.Enters
        || action instanceof Action.Leaves;
  }

  private Optional<String> name(Happening happening) {
    return asking
        .facts()
        .sighting(happening.actor())
        .filter(Sighting::seen)
        .flatMap(sighting -> asking.naming(sighting, one -> one.size().isEmpty()));
  }
}
