package dev.densestream.trainer.train.run;

import dev.densestream.trainer.train.config.Stage;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Says now and then how a training gets on: losses as means since the last line. */
public final class ProgressReport {
  private static final long EVERY_NANOS = Duration.ofSeconds(10).toNanos();

  private final PrintWriter out;
  private final int allSteps;
  private final int every;
  private final List<String> kinds;
  private final float[] sums;
  private int steps;
  private double longest;
  private long since = System.nanoTime();
  private double secondsOfStep;

  /**
   * Says nothing yet.
   *
   * @param every lines come after so many steps, or after 10 s if 0
   * @param kinds of losses, the first of which is the one followed
   */
  public ProgressReport(PrintWriter out, int allSteps, int every, List<String> kinds) {
    this.out = out;
    this.allSteps = allSteps;
    this.every = every;
    this.kinds = List.copyOf(kinds);
    sums = new float[kinds.size()];
  }

  /**
   * A step was done.
   *
   * @param step of all stages together that was done, from 0
   * @param losses one of each kind
   */
  public void step(
      Stage stage, int stageStep, int step, float[] losses, double gradient, double rate) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += losses[i];
    }
    longest = Math.max(longest, gradient);
    steps++;
    long now = System.nanoTime();
    boolean due = every > 0 ? steps == every : now - since >= EVERY_NANOS;
    if (due) {
      line(stage, stageStep, step, rate, (now - since) / 1e9 / steps);
      since = now;
      steps = 0;
      longest = 0;
      Arrays.fill(sums, 0);
    }
  }

  private String losses() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < sums.length; i++) {
      text.append(String.format(Locale.ROOT, " %s %.4f", kinds.get(i), sums[i] / steps));
    }
    return text.toString();
  }

  private void line(Stage stage, int stageStep, int step, double rate, double seconds) {
    secondsOfStep = secondsOfStep == 0 ? seconds : 0.8 * secondsOfStep + 0.2 * seconds;
    Duration left = Duration.ofSeconds(Math.round(secondsOfStep * (allSteps - step - 1)));
    out.println(
        String.format(
            Locale.ROOT,
            "%s %d/%d%s gradient %.2f rate %.1e, %.2f windows/s, %d:%02d:%02d left",
            stage.name(),
            stageStep + 1,
            stage.steps(),
            losses(),
            longest,
            rate,
            stage.windows() / seconds,
            left.toHours(),
            left.toMinutesPart(),
            left.toSecondsPart()));
    out.flush();
  }
}
