package dev.densestream.answerservice.evaluate;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Counts by type of question, and of all together. */
public final class Scores {
  private static final String ROW = "%-12s %7s %9s %7s%n";

  private final Map<String, Tally> types = new TreeMap<>();
  private final Tally all = new Tally();

  /** Adds what was said to one question. */
  public void add(VideoQuestion question, boolean right) {
    types.computeIfAbsent(question.type(), _ -> new Tally()).add(question, right);
    all.add(question, right);
  }

  /** Of one type; an empty one when nothing was asked of it. */
  public Tally type(String type) {
    return types.getOrDefault(type, new Tally());
  }

  public Tally all() {
    return all;
  }

  /** One row a type. */
  public String table() {
    StringBuilder text = new StringBuilder(ROW.formatted("type", "n", "accuracy", "chance"));
    types.forEach((type, tally) -> text.append(row(type, tally)));
    return text.append(row("all", all)).toString();
  }

  private static String row(String type, Tally tally) {
    return ROW.formatted(type, tally.count(), percent(tally.accuracy()), percent(tally.chance()));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** The same as JSON, shares from 0 to 1. */
  public ObjectNode json() {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    ObjectNode byType = json.putObject("types");
    types.forEach((type, tally) -> fill(byType.putObject(type), tally));
    fill(json.putObject("all"), all);
    return json;
  }

  private static void fill(ObjectNode node, Tally tally) {
    node.put("n", tally.count())
        .put("right", tally.right())
        .put("accuracy", tally.accuracy())
        .put("chance", tally.chance());
  }
}
