package dev.densestream.answerservice.format;

import java.util.BitSet;
import java.util.Set;

/**
 * Guides answers of one grammar over one vocabulary, and remembers the masks they needed. Used by
 * one thread.
 */
public final class JsonGuides {
  private final Readings readings;
  private final Vocabulary vocabulary;
  private final Set<Integer> stopIds;

  /**
   * @param stopIds tokens that end an answer: allowed where it may end, and there alone
   */
  public JsonGuides(JsonGrammar grammar, Vocabulary vocabulary, Set<Integer> stopIds) {
    readings = new Readings(grammar);
    this.vocabulary = vocabulary;
    this.stopIds = Set.copyOf(stopIds);
  }

  /** For one answer. */
  public JsonGuide guide() {
    return new JsonGuide(this, readings.start());
  }

  TokenMask mask(Reading reading) {
    TokenMask mask = reading.mask;
    if (mask == null) {
      mask = mask(reading, Rules.UNKNOWN);
      reading.mask = mask;
    }
    return mask;
  }

  /** Tokens behind which the answer can end within so many bytes. */
  TokenMask mask(Reading from, int mostBytes) {
    BitSet allowed = new BitSet(vocabulary.size());
    Reading[] path = new Reading[vocabulary.longest() + 1];
    path[0] = from;
    int node = 0;
    while (node < vocabulary.nodes()) {
      int depth = vocabulary.depth(node);
      Reading reached = readings.next(path[depth - 1], vocabulary.value(node));
      if (reached.isDead()) {
        node = vocabulary.next(node);
        continue;
      }
      path[depth] = reached;
      if (reached.leastBytes <= mostBytes) {
        vocabulary.addIds(node, allowed);
      }
      node++;
    }
    for (int id : stopIds) {
      allowed.set(id, from.whole);
    }
    return new TokenMask(allowed);
  }

  Reading next(Reading from, int id) {
    Reading at = from;
    for (byte value : vocabulary.bytes(id)) {
      at = readings.next(at, value & 0xFF);
    }
    return at;
  }

  byte[] bytes(int id) {
    return vocabulary.bytes(id);
  }
}
