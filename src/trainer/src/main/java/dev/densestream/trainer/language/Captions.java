package dev.densestream.trainer.language;

import static java.util.Objects.requireNonNull;

import dev.densestream.trainer.world.Action;
import dev.densestream.trainer.world.Facts;
import dev.densestream.trainer.world.Happening;
import dev.densestream.trainer.world.Moment;
import dev.densestream.trainer.world.Sighting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Captions whose every sentence states one fact that {@link CaptionCheck} can check. */
public final class Captions {
  private static final int MOST = 4;
  private static final String UNKNOWN = Answers.UNKNOWN + ".";

  private Captions() {}

  /**
   * A sentence of something that happens.
   *
   * @param seconds when it begins, to the millisecond
   */
  public record Timed(double seconds, String text) {
    public Timed {
      requireNonNull(text, "text is null");
    }
  }

  /**
   * What the frames show, in order of time, in at most four sentences. Empty when nothing can be
   * named though something may be there.
   */
  public static Optional<String> of(Facts facts) {
    if (facts.scene().isForeign()) {
      return Optional.of(UNKNOWN);
    }
    List<String> texts = statements(facts).stream().limit(MOST).map(Statement::text).toList();
    return texts.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", texts));
  }

  /**
   * Single sentences of what the frames show, in order of time, at most four, each of them a
   * caption by itself: of what happens, and of what is there where nothing does. None as {@link
   * #of}.
   */
  public static List<String> sentences(Facts facts) {
    if (facts.scene().isForeign()) {
      return List.of(UNKNOWN);
    }
    List<Statement> all = statements(facts);
    boolean eventful = all.stream().anyMatch(Statement::happens);
    return all.stream()
        .filter(one -> one.happens() == eventful)
        .limit(MOST)
        .map(Statement::text)
        .distinct()
        .toList();
  }

  /**
   * All that happens and can be named, each with its time; none of what only is there.
   *
   * @param start seconds at which the scene begins, where it is one of several
   */
  public static List<Timed> events(Facts facts, double start) {
    return statements(facts).stream()
        .filter(Statement::happens)
        .map(one -> new Timed(Math.round(1000 * (start + one.at())) / 1000.0, one.text()))
        .toList();
  }

  private static List<Statement> statements(Facts facts) {
    List<Statement> statements = new ArrayList<>();
    for (Sighting sighting : facts.sightings()) {
      if (sighting.seen()) {
        statements.addAll(statements(facts, sighting));
      }
    }
    statements.sort(Comparator.comparingDouble(Statement::at));
    return statements;
  }

  private static List<Statement> statements(Facts facts, Sighting sighting) {
    List<Statement> statements = new ArrayList<>();
    for (Happening happening : facts.happenings(sighting.actor())) {
      String subject = subject(sighting, facts, happening.onset());
      said(facts, happening)
          .ifPresent(
              said -> statements.add(new Statement(happening.onset(), subject + said, true)));
    }
    if (statements.isEmpty()) {
      String subject = subject(sighting, facts, 0);
      boolean still = sighting.still() && sighting.colours().size() == 1;
      double end = facts.scene().seconds() + 1;
      statements.add(
          still
              ? new Statement(end, subject + Predicates.STILL, false)
              : new Statement(end, "there is " + subject.strip(), false));
    }
    return statements;
  }

  /** With the colour it has just before, or as soon as it is seen. */
  private static String subject(Sighting sighting, Facts facts, double onset) {
    Moment shown = null;
    for (int i = 0; i < sighting.moments().size(); i++) {
      Moment moment = sighting.moments().get(i);
      boolean before = facts.times().get(i) <= onset;
      if (!moment.hidden() && (shown == null || before)) {
        shown = moment;
      }
    }
    Moment moment = shown == null ? sighting.moments().getFirst() : shown;
    return Description.of(moment.colour(), sighting.look().shape()).indefinite() + " ";
  }

  /** Empty for what is told by another sentence. */
  private static Optional<String> said(Facts facts, Happening happening) {
    return switch (happening.action()) {
      case Action.Passes(var other) -> other(facts, other).map("passes in front of "::concat);
      case Action.Hits(var other) -> other(facts, other).map("hits "::concat);
      case Action action -> Optional.of(Predicates.of(action));
    };
  }

  private static Optional<String> other(Facts facts, int actor) {
    return facts.sighting(actor).flatMap(Description::full).map(Description::indefinite);
  }

  /** A sentence, when it begins to be true, and whether something happens in it. */
  private record Statement(double at, String sentence, boolean happens) {
    String text() {
      return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1) + ".";
    }
  }
}
