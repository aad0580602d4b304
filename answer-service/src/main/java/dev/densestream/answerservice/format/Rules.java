package dev.densestream.answerservice.format;

import java.util.ArrayList;
import java.util.List;

/**
 * A recursive transition network under construction: rules made of states, with edges that take a
 * byte, take nothing, or call a rule. Each rule has one start and one end.
 *
 * <p>A fragment between two states never leads back into the first nor on from the second, so
 * fragments may share both.
 */
final class Rules {
  /** States of all rules together; keeps a compilation within a few megabytes. */
  static final int MOST_STATES = 50_000;

  /** Rules: references, and the items of arrays. */
  static final int MOST_RULES = 1000;

  final List<State> states = new ArrayList<>();
  final List<Rule> rules = new ArrayList<>();

  /** Where a reading may stand. */
  static final class State {
    final List<Bytes> bytes = new ArrayList<>(1);
    final List<State> skips = new ArrayList<>(0);
    final List<Call> calls = new ArrayList<>(0);
    boolean end;

    /** Fewest bytes from here to the end of the rule. */
    int leastBytes = UNKNOWN;

    /** Rules that must be entered at least, one in the other, from here to the end of the rule. */
    int leastDepth = UNKNOWN;
  }

  static final int UNKNOWN = Integer.MAX_VALUE / 4;

  /** An edge that takes one byte from {@code low} to {@code high}. */
  record Bytes(int low, int high, State to) {}

  /** An edge that takes what a rule takes. */
  record Call(Rule rule, State back) {}

  /** A part of the grammar with a name of its own. */
  record Rule(State start, State end) {}

  Rule rule() {
    if (rules.size() >= MOST_RULES) {
      throw new FormatException(
          FormatException.Code.SCHEMA_TOO_LARGE,
          "The schema has more than " + MOST_RULES + " arrays and $refs; use fewer.");
    }
    State end = state();
    end.end = true;
    Rule rule = new Rule(state(), end);
    rules.add(rule);
    return rule;
  }

  State state() {
    if (states.size() >= MOST_STATES) {
      throw new FormatException(
          FormatException.Code.SCHEMA_TOO_LARGE,
          "The schema needs more than "
              + MOST_STATES
              + " states; use fewer or shorter enums, properties and items.");
    }
    State state = new State();
    states.add(state);
    return state;
  }

  void take(State from, int low, int high, State to) {
    from.bytes.add(new Bytes(low, high, to));
  }

  void take(State from, char one, State to) {
    take(from, one, one, to);
  }

  /** Any one of these characters, all of them ASCII. */
  void takeAny(State from, String characters, State to) {
    characters.chars().forEach(one -> take(from, one, one, to));
  }

  void skip(State from, State to) {
    from.skips.add(to);
  }

  void call(State from, Rule rule, State back) {
    from.calls.add(new Call(rule, back));
  }

  /** A state behind {@code one}. */
  State after(State from, char one) {
    State to = state();
    take(from, one, to);
    return to;
  }

  /** A state behind what a rule takes. */
  State after(State from, Rule rule) {
    State to = state();
    call(from, rule, to);
    return to;
  }

  /** These bytes one after the other; literals that begin alike share their beginning. */
  void literal(State from, byte[] literal, State to) {
    State at = from;
    for (byte each : literal) {
      at = childOf(at, each & 0xFF, to);
    }
    skip(at, to);
  }

  private State childOf(State from, int value, State not) {
    for (Bytes edge : from.bytes) {
      if (edge.low == value && edge.high == value && edge.to != not) {
        return edge.to;
      }
    }
    State child = state();
    take(from, value, value, child);
    return child;
  }
}
