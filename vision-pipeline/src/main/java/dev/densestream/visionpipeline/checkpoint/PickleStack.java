package dev.densestream.visionpipeline.checkpoint;

import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.checkpoint.Pickled.Sequence;
import dev.densestream.visionpipeline.checkpoint.Pickled.Table;
import dev.densestream.visionpipeline.checkpoint.Pickled.Text;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/** The values a pickle works on, and the marks between them. Never grows beyond its limit. */
final class PickleStack {
  private static final int DEEPEST = 100_000;

  private final Function<String, CheckpointException> wrong;
  private final List<Pickled> values = new ArrayList<>();
  private final Deque<Integer> marks = new ArrayDeque<>();

  PickleStack(Function<String, CheckpointException> wrong) {
    this.wrong = wrong;
  }

  void push(Pickled value) {
    if (values.size() >= DEEPEST) {
      throw wrong.apply("stacks more than " + DEEPEST + " values");
    }
    values.add(value);
  }

  void mark() {
    if (marks.size() >= DEEPEST) {
      throw wrong.apply("stacks more than " + DEEPEST + " marks");
    }
    marks.push(values.size());
  }

  Pickled top() {
    requireAbove(1);
    return values.getLast();
  }

  Pickled pop() {
    requireAbove(1);
    return values.removeLast();
  }

  List<Pickled> pop(int count) {
    requireAbove(count);
    return cut(values.size() - count);
  }

  List<Pickled> popToMark() {
    if (marks.isEmpty()) {
      throw wrong.apply("closes a mark it never set");
    }
    return cut(marks.pop());
  }

  private List<Pickled> cut(int from) {
    List<Pickled> tail = values.subList(from, values.size());
    List<Pickled> cut = List.copyOf(tail);
    tail.clear();
    return cut;
  }

  private void requireAbove(int count) {
    int floor = marks.isEmpty() ? 0 : marks.peek();
    if (values.size() - count < floor) {
      throw wrong.apply("takes a value it never made");
    }
  }

  void append(List<Pickled> items) {
    if (!(top() instanceof Sequence list) || !list.grows()) {
      throw wrong.apply("adds to " + top().kind());
    }
    list.items().addAll(items);
  }

  /** Keys and values by turns, into the dictionary below them. */
  void set(List<Pickled> pairs) {
    if (!(top() instanceof Table table) || pairs.size() % 2 != 0) {
      throw wrong.apply("sets items of " + top().kind());
    }
    for (int i = 0; i < pairs.size(); i += 2) {
      if (!(pairs.get(i) instanceof Text key)) {
        throw wrong.apply("has a dictionary key that is " + pairs.get(i).kind());
      }
      if (table.entries().put(key.value(), pairs.get(i + 1)) != null) {
        throw wrong.apply("has the key " + Shown.text(key.value()) + " twice");
      }
    }
  }
}
