package dev.densestream.trainer.train.lesson;

import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.prompt.ConversationTemplate;
import dev.densestream.answerservice.prompt.ImagePrompt;
import dev.densestream.answerservice.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Packs lessons: a window's pictures once, and behind them all questions about it with their
 * answers, each at the positions it has when it is asked alone. For one thread at a time.
 */
public final class BatchAssembly {
  private final Tokenizer tokenizer;
  private final ConversationTemplate template;
  private final int end;
  private final int tokensPerFrame;
  private final List<Integer> before;
  private final Map<String, List<Integer>> known = new HashMap<>();

  /** What a word of a question says, by its id; where it is one id. */
  private final Map<Integer, Integer> meanings = new HashMap<>();

  /**
   * Asks in the template's words.
   *
   * @param tokenizer borrowed
   * @param tokensPerFrame N
   */
  public BatchAssembly(Tokenizer tokenizer, ConversationTemplate template, int tokensPerFrame) {
    this.tokenizer = tokenizer;
    this.template = template;
    this.tokensPerFrame = tokensPerFrame;
    end = tokenizer.endOfSequence().orElseThrow();
    before = prompt("?").stretches().getFirst();
    Labels.words()
        .forEach(
            (word, code) -> {
              List<Integer> ids = answered(word);
              if (ids.size() == 1) {
                meanings.put(ids.getFirst(), code);
              }
            });
  }

  private ImagePrompt prompt(String question) {
    List<Turn> turns = List.of(new Turn(Turn.Role.USER, question));
    return ImagePrompt.of(tokenizer, template.prompt(turns, true));
  }

  /** Ids behind the pictures up to where the answer begins. */
  List<Integer> asked(String question) {
    return known.computeIfAbsent("Q" + question, _ -> prompt(question).stretches().getLast());
  }

  /** Ids of an answer, without the end. */
  List<Integer> answered(String answer) {
    return known.computeIfAbsent("A" + answer, _ -> tokenizer.encode(" " + answer, false));
  }

  /**
   * One batch of several lessons.
   *
   * @param frames T, of each lesson
   */
  public Batch join(List<Lesson> lessons, int frames) {
    List<Row> rows = lessons.stream().map(lesson -> row(lesson, frames)).toList();
    int length = Math.max(1, rows.stream().mapToInt(row -> row.text.size()).max().orElse(1));
    return new Batch(
        lessons.size(),
        lessons.size() * frames,
        joined(lessons.stream().map(Lesson::pixels).toList()),
        joinedLongs(lessons.stream().map(Lesson::patches).toList()),
        joinedLongs(lessons.stream().map(Lesson::tokens).toList()),
        joinedLongs(lessons.stream().map(Lesson::history).toList()),
        before.stream().mapToLong(Integer::longValue).toArray(),
        padded(rows.stream().map(row -> row.text).toList(), length, 0),
        padded(rows.stream().map(row -> row.positions).toList(), length, 0),
        padded(rows.stream().map(row -> row.branches).toList(), length, -1),
        padded(rows.stream().map(row -> row.questions).toList(), length, -1),
        padded(rows.stream().map(row -> row.targets).toList(), length, Labels.NONE),
        padded(rows.stream().map(row -> row.meant).toList(), length, Labels.NONE),
        padded(rows.stream().map(row -> row.onsets).toList(), length, Labels.NONE),
        padded(rows.stream().map(row -> row.subjects).toList(), 2 * length, Labels.NONE),
        rows.stream().flatMap(row -> row.asked.stream()).toList());
  }

  /** What stands behind one window's pictures. */
  private record Row(
      List<Integer> text,
      List<Integer> positions,
      List<Integer> branches,
      List<Integer> questions,
      List<Integer> targets,
      List<Integer> meant,
      List<Integer> onsets,
      List<Integer> subjects,
      List<Batch.Asked> asked) {
    Row() {
      this(
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>());
    }
  }

  private Row row(Lesson lesson, int frames) {
    Row row = new Row();
    int start = before.size() + frames * tokensPerFrame;
    for (Lesson.Dialogue dialogue : lesson.dialogues()) {
      List<Integer> targets = new ArrayList<>();
      for (String answer : dialogue.answers()) {
        targets.add(add(row, dialogue, answered(answer), start));
      }
      row.asked.add(new Batch.Asked(dialogue.type(), targets));
    }
    return row;
  }

  /** A branch of its own; how many targets it has. */
  private int add(Row row, Lesson.Dialogue dialogue, List<Integer> answer, int start) {
    List<Integer> question = asked(dialogue.question());
    int branch = row.branches.isEmpty() ? 1 : row.branches.getLast() + 1;
    int first = row.text.size();
    row.onsets.addAll(Collections.nCopies(question.size() + answer.size(), Labels.NONE));
    row.subjects.addAll(Collections.nCopies(2 * (question.size() + answer.size()), Labels.NONE));
    for (Lesson.Mention mention : dialogue.mentions()) {
      int last = first + lastOf(mention.phrase(), question);
      List<Integer> phrase = answered(mention.phrase());
      row.onsets.set(last, mention.onset());
      tell(row, last, subject(phrase));
      if (phrase.equals(answer)) {
        tell(row, first + question.size() - 1, subject(phrase));
      }
    }
    for (int i = 0; i < question.size() + answer.size(); i++) {
      int inAnswer = i - question.size();
      row.text.add(inAnswer < 0 ? question.get(i) : answer.get(inAnswer));
      row.positions.add(start + i);
      row.branches.add(branch);
      row.questions.add(row.asked.size() + 1);
      row.meant.add(inAnswer < 0 ? meaning(question, i) : Labels.NONE);
      row.targets.add(
          inAnswer < -1
              ? Labels.NONE
              : inAnswer + 1 < answer.size() ? answer.get(inAnswer + 1) : end);
    }
    return answer.size() + 1;
  }

  private static void tell(Row row, int at, int subject) {
    row.subjects.set(2 * at, subject % Labels.CODES);
    row.subjects.set(2 * at + 1, subject / Labels.CODES);
  }

  /** Where a phrase ends in a question. */
  private int lastOf(String phrase, List<Integer> question) {
    List<Integer> ids = answered(phrase);
    int first = Collections.indexOfSubList(question, ids);
    if (first < 0) {
      throw new IllegalArgumentException("the question does not speak of " + phrase);
    }
    return first + ids.size() - 1;
  }

  /** What shape and colour the first words of a phrase that mean some mean; 0 if none do. */
  private int subject(List<Integer> phrase) {
    for (int at = 0; at < phrase.size(); at++) {
      int first = meaning(phrase, at) % Labels.SIZE_CODES;
      if (first > 0) {
        int next = at + 1 < phrase.size() ? meaning(phrase, at + 1) : Labels.NONE;
        boolean both = next > first && next / Labels.CODES == first / Labels.CODES;
        return both ? next : first;
      }
    }
    return 0;
  }

  /** A shape behind a colour or a size means what is both. */
  private int meaning(List<Integer> question, int at) {
    int own = meanings.getOrDefault(question.get(at), Labels.NONE);
    int before = at == 0 ? Labels.NONE : meanings.getOrDefault(question.get(at - 1), Labels.NONE);
    boolean both = own > 0 && own < Labels.CODES && before >= Labels.CODES;
    return both ? before + own : own;
  }

  private static long[] padded(List<List<Integer>> rows, int length, int padding) {
    long[] all = new long[rows.size() * length];
    Arrays.fill(all, padding);
    for (int row = 0; row < rows.size(); row++) {
      List<Integer> own = rows.get(row);
      for (int i = 0; i < own.size(); i++) {
        all[row * length + i] = own.get(i);
      }
    }
    return all;
  }

  private static float[] joined(List<float[]> parts) {
    float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  private static long[] joinedLongs(List<long[]> parts) {
    return parts.stream().flatMapToLong(Arrays::stream).toArray();
  }
}
