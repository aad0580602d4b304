package dev.densestream.answerservice.format;

/** Where one answer stands. */
public final class JsonGuide {
  private final JsonGuides guides;
  private Reading at;

  JsonGuide(JsonGuides guides, Reading start) {
    this.guides = guides;
    at = start;
  }

  /** What may come next. */
  public TokenMask mask() {
    return guides.mask(at);
  }

  /**
   * What may come next so that the answer can still be ended with so many tokens behind it, if a
   * token of one byte each is all there is; what {@link #mask} allows where that is too late.
   */
  public TokenMask mask(int tokensLeft) {
    TokenMask ending = guides.mask(at, tokensLeft);
    return ending.count() > 0 ? ending : mask();
  }

  /** Whether the answer can still be ended in time if this token comes next, or cannot anyway. */
  public boolean leavesTime(int id, int tokensLeft) {
    return at.leastBytes > tokensLeft + 1 || guides.next(at, id).leastBytes <= tokensLeft;
  }

  /** Goes on by a token that is allowed and ends nothing. */
  public void accept(int id) {
    Reading next = guides.next(at, id);
    if (next.isDead() || guides.bytes(id).length == 0) {
      throw new IllegalArgumentException("token must be allowed: was " + id);
    }
    at = next;
  }

  /** What a token adds to the text. */
  public byte[] bytes(int id) {
    return guides.bytes(id);
  }

  /** Whether it is whole and nothing can follow. */
  public boolean isOver() {
    return at.whole && at.isLast();
  }
}
