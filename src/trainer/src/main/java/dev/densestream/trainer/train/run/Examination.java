package dev.densestream.trainer.train.run;

import dev.densestream.trainer.language.CaptionLength;
import dev.densestream.trainer.language.Exercise;
import dev.densestream.trainer.train.config.Shares;
import dev.densestream.trainer.train.lesson.Batch;
import dev.densestream.trainer.train.lesson.BatchAssembly;
import dev.densestream.trainer.train.lesson.History;
import dev.densestream.trainer.train.lesson.Labels;
import dev.densestream.trainer.train.lesson.Lesson;
import dev.densestream.trainer.train.lesson.Lessons;
import dev.densestream.trainer.train.program.Trainee;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Asks about scenes not learnt from. An answer counts as right when each of its ids, the end
 * included, is the likeliest one behind those before it: when greedy generation would give exactly
 * it, or exactly another one that is right.
 *
 * @param windows asked about
 * @param loss mean of the batches' losses: total, words, patches, tokens, history, onsets,
 *     pointing, subjects
 * @param seen of each of {@link Labels#names}, visual tokens with an object in them, and of how
 *     many it is told right
 * @param recalled of each of {@link History#names}, visual tokens that have some, and the same
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Examination(
    int windows, float[] loss, long[] seen, long[] recalled, Map<String, Score> byType) {
  private static final int TOGETHER = 8;
  static final int MOST_QUESTIONS = 24;

  /** Types of what is told freely, and of what is said again. */
  static final Set<String> TOLD =
      Stream.concat(
              Arrays.stream(CaptionLength.values()).map(CaptionLength::word),
              Stream.of(Exercise.WORD))
          .collect(Collectors.toSet());

  private static final Shares ALL = new Shares(1, 1, 1, 1, 1, 1, 1);

  /** Questions of a type. */
  public record Score(int right, int asked) {
    Score plus(boolean answeredRight) {
      return new Score(right + (answeredRight ? 1 : 0), asked + 1);
    }

    public double accuracy() {
      return asked == 0 ? 0 : right / (double) asked;
    }
  }

  /**
   * Asks and counts.
   *
   * @param lessons of another split than what was learnt from
   */
  public static Examination of(
      Trainee trainee, Lessons lessons, BatchAssembly assembly, int frames, int windows) {
    Map<String, Score> scores = new TreeMap<>();
    float[] sum = new float[Trainee.LOSSES.size()];
    long[] seen = new long[2 * Labels.names().size()];
    long[] recalled = new long[2 * History.names().size()];
    int batches = 0;
    for (int first = 0; first < windows; first += TOGETHER) {
      List<Lesson> own = new ArrayList<>();
      for (int i = first; i < Math.min(windows, first + TOGETHER); i++) {
        own.add(lessons.lesson(i, frames, MOST_QUESTIONS));
      }
      Batch batch = assembly.join(own, frames);
      Trainee.Measured measured = trainee.measure(batch, ALL);
      mark(batch, measured.likely(), scores);
      Arrays.setAll(seen, i -> seen[i] + measured.seen()[i]);
      Arrays.setAll(recalled, i -> recalled[i] + measured.recalled()[i]);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += measured.losses()[i];
      }
      batches++;
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] /= Math.max(1, batches);
    }
    return new Examination(windows, sum, seen, recalled, scores);
  }

  private static void mark(Batch batch, long[] likely, Map<String, Score> scores) {
    long[] wanted = Arrays.stream(batch.targets()).filter(t -> t != Labels.NONE).toArray();
    int at = 0;
    for (Batch.Asked asked : batch.asked()) {
      boolean right = false;
      for (int targets : asked.targets()) {
        right |= Arrays.equals(wanted, at, at + targets, likely, at, at + targets);
        at += targets;
      }
      Score before = scores.getOrDefault(asked.type(), new Score(0, 0));
      scores.put(asked.type(), before.plus(right));
    }
  }

  /** Over all types but captions and exercises. */
  public double accuracy() {
    int right = 0;
    int asked = 0;
    for (Map.Entry<String, Score> entry : byType.entrySet()) {
      if (!TOLD.contains(entry.getKey())) {
        right += entry.getValue().right();
        asked += entry.getValue().asked();
      }
    }
    return asked == 0 ? 0 : right / (double) asked;
  }

  private static String shares(List<String> names, long[] counts) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      double share = counts[2 * i + 1] / (double) Math.max(1, counts[2 * i]);
      parts.add(String.format(Locale.ROOT, "%s %.2f", names.get(i), share));
    }
    return String.join(" ", parts);
  }

  @Override
  public String toString() {
    String types =
        byType.entrySet().stream()
            .map(
                e ->
                    String.format(
                        Locale.ROOT,
                        "%s %.2f (%d)",
                        e.getKey(),
                        e.getValue().accuracy(),
                        e.getValue().asked()))
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "%s; tokens' %s; recalls %s; right %.3f: %s",
        losses(),
        shares(Labels.names(), seen),
        shares(History.names(), recalled),
        accuracy(),
        types);
  }

  private String losses() {
    return IntStream.range(0, loss.length)
        .mapToObj(i -> String.format(Locale.ROOT, "%s %.3f", Trainee.LOSSES.get(i), loss[i]))
        .collect(Collectors.joining(" "));
  }
}
