package dev.densestream.answerservice.tokenizer;

import java.util.ArrayList;
import java.util.List;

/**
 * Text of one answer, token by token, whole characters only: what could still change when more
 * tokens follow (the bytes of half a character, a blank that may be cleaned up) is held back.
 */
public final class TextStream {
  private final Tokenizer tokenizer;
  private final List<Integer> ids = new ArrayList<>();
  private final StringBuilder emitted = new StringBuilder();

  TextStream(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** Adds a token and gives the text that has become certain by it, often empty. */
  public String accept(int id) {
    ids.add(id);
    String text = tokenizer.decode(ids);
    return emit(text, settled(text));
  }

  /** What had been held back. */
  public String finish() {
    String text = tokenizer.decode(ids);
    return emit(text, text.length());
  }

  /** The whole text so far, held back parts included. */
  public String text() {
    return tokenizer.decode(ids);
  }

  private String emit(String text, int end) {
    if (end <= emitted.length()) {
      return "";
    }
    String piece = text.substring(emitted.length(), end);
    emitted.append(piece);
    return piece;
  }

  private static int settled(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '\uFFFD') {
      end--;
    }
    int blank = text.lastIndexOf(' ', end - 1);
    return blank >= 0 && blank >= end - CleanUp.REACH ? blank : end;
  }
}
