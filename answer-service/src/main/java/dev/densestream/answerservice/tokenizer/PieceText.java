package dev.densestream.answerservice.tokenizer;

import dev.densestream.answerservice.tokenizer.SentencePieceModel.Piece;
import java.io.ByteArrayOutputStream;

/**
 * Text from SentencePiece pieces, as the library and the slow Python class around it make it: runs
 * of byte pieces are read as UTF-8, each byte that belongs to no character becoming one U+FFFD.
 *
 * <p>Added tokens part the text into sections, special tokens part a section into stretches.
 */
final class PieceText {
  private static final char BLANK = '\u2581';

  private final boolean legacy;
  private final boolean stripsPrefix;
  private final StringBuilder text = new StringBuilder();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private int stretch;
  private boolean atSectionStart = true;
  private boolean atStretchStart = true;
  private boolean afterSpecial;

  /**
   * @param legacy whether a blank is written before special tokens
   * @param stripsPrefix whether each stretch loses one leading blank
   */
  PieceText(boolean legacy, boolean stripsPrefix) {
    this.legacy = legacy;
    this.stripsPrefix = stripsPrefix;
  }

  void piece(Piece piece) {
    if (piece.isByte()) {
      bytes.write(piece.byteValue());
      atStretchStart = false;
    } else if (!piece.isControl()) {
      flush();
      append(piece.text().replace(BLANK, ' '));
    }
    atSectionStart = false;
    afterSpecial = false;
  }

  private void append(String surface) {
    String rest = atSectionStart ? withoutBlank(surface) : surface;
    boolean prefixed = atStretchStart && stripsPrefix && rest.startsWith(" ");
    rest = prefixed ? withoutBlank(rest) : rest;
    atStretchStart = atStretchStart && rest.isEmpty() && !prefixed;
    text.append(rest);
  }

  private static String withoutBlank(String surface) {
    return surface.startsWith(" ") ? surface.substring(1) : surface;
  }

  void special(String content) {
    flush();
    if (legacy && !afterSpecial && !atSectionStart) {
      // Before the stretch that ends here, not before the token: the original has it so.
      text.insert(stretch, ' ');
    }
    text.append(content);
    afterSpecial = true;
    atSectionStart = false;
    beginStretch();
  }

  void added(String content) {
    flush();
    text.append(content);
    afterSpecial = false;
    atSectionStart = true;
    beginStretch();
  }

  private void beginStretch() {
    stretch = text.length();
    atStretchStart = true;
  }

  private void flush() {
    if (bytes.size() > 0) {
      Utf8.append(bytes.toByteArray(), text);
      bytes.reset();
    }
  }

  String finish() {
    flush();
    return text.toString();
  }
}
