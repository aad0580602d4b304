package dev.densestream.answerservice.format;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Guides answers of one grammar over one vocabulary, and remembers the masks they needed. Used by
 * one thread.
 */
public final class JsonGuides {
  /** Of 128,256 tokens a mask takes 16 KiB. */
  private static final int MASKS = 512;

  private final Readings readings;
  private final Vocabulary vocabulary;
  private final Set<Integer> stopIds;

  /** The last used come last. */
  private final Map<Reading, TokenMask> masks = new LinkedHashMap<>(16, 0.75f, true);

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
    TokenMask known = masks.get(reading);
    if (known == null) {
      known = mask(reading, Rules.UNKNOWN);
      masks.put(reading, known);
      if (masks.size() > MASKS) {
        masks.remove(masks.keySet().iterator().next());
      }
    }
    return known;
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
