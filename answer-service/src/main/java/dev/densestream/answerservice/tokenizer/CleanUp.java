package dev.densestream.answerservice.tokenizer;

import java.util.List;

/** Removes blanks before punctuation and shortened forms, one replacement after the other. */
final class CleanUp {
  private static final List<String[]> REPLACEMENTS =
      List.of(
          new String[] {" .", "."},
          new String[] {" ?", "?"},
          new String[] {" !", "!"},
          new String[] {" ,", ","},
          new String[] {" ' ", "'"},
          new String[] {" n't", "n't"},
          new String[] {" 'm", "'m"},
          new String[] {" 's", "'s"},
          new String[] {" 've", "'ve"},
          new String[] {" 're", "'re"});

  /** A blank this far from the end may still go when more text follows. */
  static final int REACH = 4;

  private CleanUp() {}

  static String apply(String text) {
    String cleaned = text;
    for (String[] replacement : REPLACEMENTS) {
      cleaned = cleaned.replace(replacement[0], replacement[1]);
    }
    return cleaned;
  }
}
