package dev.densestream.trainer.train.clips;

import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.prompt.ConversationTemplate;
import dev.densestream.answerservice.prompt.ImagePrompt;
import dev.densestream.answerservice.tokenizer.Tokenizer;
import dev.densestream.trainer.train.lesson.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The ids of what is told of a clip: a caption plainly behind the pictures, as the original's first
 * stage has it, or an answer behind its question, as a model is asked when it serves.
 */
final class ToldText {
  private static final String MARK = "\u0001";

  private final Tokenizer tokenizer;
  private final ConversationTemplate template;
  private final int end;

  /**
   * Ids of one text.
   *
   * @param before in front of the pictures
   * @param behind them {@code [L]}
   * @param targets {@code [1 + L]} what follows the last picture and each id behind it
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Ids(long[] before, long[] behind, long[] targets) {
    /** Those that are learnt. */
    int learnt() {
      return (int) Arrays.stream(targets).filter(target -> target != Labels.NONE).count();
    }
  }

  /**
   * In a model's words.
   *
   * @param tokenizer borrowed
   * @throws IllegalArgumentException where nothing tells how an answer ends
   */
  ToldText(Tokenizer tokenizer, ConversationTemplate template) {
    this.tokenizer = tokenizer;
    this.template = template;
    end =
        tokenizer
            .addedToken(template.stopText())
            .or(tokenizer::endOfSequence)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the tokenizer has no token that ends an answer of template "
                            + template.name()));
  }

  /** A caption and a line break, nothing in front. */
  Ids plain(String caption) {
    ImagePrompt prompt = ImagePrompt.of(tokenizer, ConversationTemplate.IMAGE + caption + "\n");
    List<Integer> ids = prompt.stretches().getLast();
    // The last id is told, but nothing is told behind it.
    return new Ids(
        longs(prompt.stretches().getFirst()), longs(ids.subList(0, ids.size() - 1)), longs(ids));
  }

  /** A question and its answer, of which the answer is learnt. */
  Ids asked(String question, String answer) {
    String prompt = prompt(question);
    ImagePrompt asked = ImagePrompt.of(tokenizer, prompt);
    List<Integer> questionIds = asked.stretches().getLast();
    List<Integer> behind = new ArrayList<>(questionIds);
    behind.addAll(answer(prompt, questionIds, between(question) + answer));
    long[] targets = new long[behind.size() + 1];
    Arrays.fill(targets, Labels.NONE);
    for (int i = questionIds.size(); i < behind.size(); i++) {
      targets[i] = behind.get(i);
    }
    targets[behind.size()] = end;
    return new Ids(longs(asked.stretches().getFirst()), longs(behind), targets);
  }

  private String prompt(String question) {
    return template.prompt(List.of(new Turn(Turn.Role.USER, question)), true);
  }

  /** What the template puts between "the assistant speaks" and what it says. */
  private String between(String question) {
    String whole =
        template.prompt(
            List.of(
                new Turn(Turn.Role.USER, question),
                new Turn(Turn.Role.ASSISTANT, MARK),
                new Turn(Turn.Role.USER, question)),
            true);
    String prompt = prompt(question);
    return whole.startsWith(prompt) ? whole.substring(prompt.length(), whole.indexOf(MARK)) : "";
  }

  /** Ids that follow the question's, where the two texts meet as they do in one text. */
  private List<Integer> answer(String prompt, List<Integer> question, String answer) {
    List<Integer> whole = ImagePrompt.of(tokenizer, prompt + answer).stretches().getLast();
    boolean follows =
        whole.size() > question.size() && whole.subList(0, question.size()).equals(question);
    return follows ? whole.subList(question.size(), whole.size()) : tokenizer.encode(answer, false);
  }

  private static long[] longs(List<Integer> ids) {
    return ids.stream().mapToLong(Integer::longValue).toArray();
  }
}
