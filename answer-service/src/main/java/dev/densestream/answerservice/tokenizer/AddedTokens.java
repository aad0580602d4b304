package dev.densestream.answerservice.tokenizer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Cuts a text at added tokens: the leftmost one, and of those the longest. */
final class AddedTokens {
  private final Pattern pattern;

  AddedTokens(Collection<String> contents) {
    pattern =
        Pattern.compile(
            contents.stream()
                .filter(content -> !content.isEmpty())
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|", "(?:", ")")));
  }

  /** The parts in order, added tokens and the text between them; none is empty. */
  List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    int end = 0;
    while (matcher.find()) {
      if (matcher.end() == matcher.start()) {
        continue;
      }
      if (matcher.start() > end) {
        parts.add(text.substring(end, matcher.start()));
      }
      parts.add(matcher.group());
      end = matcher.end();
    }
    if (end < text.length()) {
      parts.add(text.substring(end));
    }
    return parts;
  }
}
