package dev.densestream.trainer.language;

import dev.densestream.answerservice.clip.CaptionSettings;
import dev.densestream.trainer.world.Facts;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** How much of what happens is asked for, in which words, and what is told. */
public enum CaptionLength {
  /** One thing that happens, as the service asks about each window of a clip. */
  SENTENCE,

  /** All of it, as {@link Captions#of}. */
  DESCRIPTION;

  /** All ways to ask for it, the plainest first. */
  List<String> prompts() {
    return switch (this) {
      case SENTENCE -> List.of(CaptionSettings.DEFAULT_PROMPT);
      case DESCRIPTION ->
          List.of(
              "Describe the video.",
              "What happens in the video?",
              "What happens?",
              "What do you see?");
    };
  }

  /** The plainest way to ask for it. */
  public String prompt() {
    return prompts().getFirst();
  }

  /** Any way to ask for it; draws nothing where there is one only. */
  public String prompt(RandomGenerator random) {
    List<String> all = prompts();
    return all.size() == 1 ? prompt() : all.get(random.nextInt(all.size()));
  }

  /** Right answers, any one of which will do, in order of time; none as {@link Captions#of}. */
  public List<String> of(Facts facts) {
    return this == SENTENCE ? Captions.sentences(facts) : Captions.of(facts).stream().toList();
  }

  /** The type of its question, such as {@code sentence}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
