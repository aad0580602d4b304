package dev.densestream.answerservice.format;

import dev.densestream.answerservice.format.Rules.Bytes;
import dev.densestream.answerservice.format.Rules.Call;
import dev.densestream.answerservice.format.Rules.Rule;
import dev.densestream.answerservice.format.Rules.State;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What must hold of finished rules: each can end, and none calls itself before it has taken a byte.
 * Fills in how far each state is from the end of its rule.
 */
final class Reach {
  private final Rules rules;

  private Reach(Rules rules) {
    this.rules = rules;
  }

  static void check(Rules rules) {
    Reach reach = new Reach(rules);
    reach.distances();
    if (rules.rules.stream().anyMatch(rule -> rule.start().leastBytes >= Rules.UNKNOWN)) {
      throw new FormatException(
          FormatException.Code.UNSUPPORTED_SCHEMA,
          "The schema describes nothing that ends: every way through a $ref leads to it again.");
    }
    if (reach.callsItself()) {
      throw new FormatException(
          FormatException.Code.UNSUPPORTED_SCHEMA,
          "The schema has a $ref that leads to itself with nothing between.");
    }
  }

  /**
   * From the ends backwards until nothing gets shorter; a state is looked at when one behind it
   * did.
   */
  private void distances() {
    Map<State, Deque<State>> before = before();
    Deque<State> shorter = new ArrayDeque<>();
    for (State state : rules.states) {
      if (state.end) {
        state.leastBytes = 0;
        state.leastDepth = 0;
        shorter.add(state);
      }
    }
    while (!shorter.isEmpty()) {
      State reached = shorter.remove();
      for (State state : before.getOrDefault(reached, new ArrayDeque<>())) {
        if (shorten(state)) {
          shorter.add(state);
        }
      }
    }
  }

  /** The states that look at a state's distance. */
  private Map<State, Deque<State>> before() {
    Map<State, Deque<State>> before = new HashMap<>();
    for (State state : rules.states) {
      state.bytes.forEach(edge -> add(before, edge.to(), state));
      state.skips.forEach(to -> add(before, to, state));
      for (Call call : state.calls) {
        add(before, call.back(), state);
        add(before, call.rule().start(), state);
      }
    }
    return before;
  }

  private static void add(Map<State, Deque<State>> before, State of, State state) {
    before.computeIfAbsent(of, _ -> new ArrayDeque<>(2)).add(state);
  }

  private static boolean shorten(State state) {
    int bytes = state.leastBytes;
    int depth = state.leastDepth;
    for (Bytes edge : state.bytes) {
      bytes = Math.min(bytes, 1 + edge.to().leastBytes);
      depth = Math.min(depth, edge.to().leastDepth);
    }
    for (State to : state.skips) {
      bytes = Math.min(bytes, to.leastBytes);
      depth = Math.min(depth, to.leastDepth);
    }
    for (Call call : state.calls) {
      State start = call.rule().start();
      bytes = Math.min(bytes, start.leastBytes + call.back().leastBytes);
      depth = Math.min(depth, Math.max(1 + start.leastDepth, call.back().leastDepth));
    }
    boolean shorter = bytes < state.leastBytes || depth < state.leastDepth;
    state.leastBytes = bytes;
    state.leastDepth = depth;
    return shorter;
  }

  private boolean callsItself() {
    Map<Rule, Boolean> done = new HashMap<>();
    return rules.rules.stream().anyMatch(rule -> callsItself(rule, done));
  }

  /** Depth first; false in the map while a rule is being looked into. */
  private static boolean callsItself(Rule rule, Map<Rule, Boolean> done) {
    Boolean known = done.putIfAbsent(rule, false);
    if (known != null) {
      return !known;
    }
    Set<State> seen = new HashSet<>();
    boolean found = entered(rule.start(), seen, done);
    done.put(rule, true);
    return found;
  }

  /** Whether a rule under way is met from here without taking a byte. */
  private static boolean entered(State from, Set<State> seen, Map<Rule, Boolean> done) {
    Deque<State> open = new ArrayDeque<>();
    open.add(from);
    while (!open.isEmpty()) {
      State state = open.remove();
      if (!seen.add(state)) {
        continue;
      }
      open.addAll(state.skips);
      for (Call call : state.calls) {
        if (callsItself(call.rule(), done)) {
          return true;
        }
        if (call.rule().start().leastBytes == 0) {
          open.add(call.back());
        }
      }
    }
    return false;
  }
}
