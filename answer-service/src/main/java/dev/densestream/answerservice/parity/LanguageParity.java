package dev.densestream.answerservice.parity;

import dev.densestream.framesampler.ParityResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Runs the fixture kinds that belong to the language side. */
public final class LanguageParity {
  private LanguageParity() {}

  /**
   * Compares with every fixture of a kind known here.
   *
   * @param golden folder with one sub-folder per kind
   * @param kinds which kinds to run
   * @return one result per comparison; none for a kind that is not there
   */
  public static List<ParityResult> run(Path golden, Predicate<String> kinds) {
    List<ParityResult> results = new ArrayList<>();
    if (wanted(golden, kinds, "tokenizer")) {
      results.addAll(TokenizerParity.run(golden.resolve("tokenizer")));
    }
    if (wanted(golden, kinds, "conversation")) {
      results.addAll(ConversationParity.run(golden.resolve("conversation")));
    }
    return results;
  }

  private static boolean wanted(Path golden, Predicate<String> kinds, String kind) {
    return kinds.test(kind) && Files.isDirectory(golden.resolve(kind));
  }
}
