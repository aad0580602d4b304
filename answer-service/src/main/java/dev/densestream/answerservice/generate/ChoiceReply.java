package dev.densestream.answerservice.generate;

import dev.densestream.answerservice.AnswerEvent.FinishReason;
import dev.densestream.answerservice.Verdict;
import dev.densestream.answerservice.format.ChoicePaths;
import dev.densestream.answerservice.format.ChoiceScores;
import dev.densestream.answerservice.language.NextToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One of some choices: the words behind the prompt say how each may begin, and one step, or few,
 * over the paths of several tokens how each may go on.
 */
final class ChoiceReply implements Reply {
  private final ChoiceScores scores;
  private final List<List<List<Integer>>> steps;
  private int done = -1;

  /**
   * @param mostRows of one step, padded to its longest path; a longer path has a step of its own
   */
  ChoiceReply(ChoicePaths paths, int mostRows) {
    scores = paths.scores();
    steps = steps(paths.open(), mostRows);
  }

  private static List<List<List<Integer>>> steps(List<List<Integer>> open, int mostRows) {
    // Shorter ones first: what follows a beginning is counted on from it.
    List<List<Integer>> sorted =
        open.stream().sorted((a, b) -> Integer.compare(a.size(), b.size())).toList();
    List<List<List<Integer>>> steps = new ArrayList<>();
    List<List<Integer>> step = new ArrayList<>();
    for (List<Integer> path : sorted) {
      if (!step.isEmpty() && (step.size() + 1) * path.size() > mostRows) {
        steps.add(step);
        step = new ArrayList<>();
      }
      step.add(path);
    }
    if (!step.isEmpty()) {
      steps.add(step);
    }
    return steps;
  }

  @Override
  public int places() {
    return steps.stream()
        .mapToInt(step -> step.stream().mapToInt(List::size).sum())
        .max()
        .orElse(0);
  }

  @Override
  public boolean branches() {
    return true;
  }

  @Override
  public List<List<Integer>> next() {
    return steps.get(done);
  }

  @Override
  public Optional<Ending> accept(List<NextToken> said) {
    List<List<Integer>> ran = done < 0 ? List.of(List.of()) : steps.get(done);
    for (int i = 0; i < ran.size(); i++) {
      scores.behind(ran.get(i), said.get(i).logits());
    }
    done++;
    return done < steps.size() ? Optional.empty() : Optional.of(ending(scores.verdict()));
  }

  /** No token was generated: all were compared. */
  private static Ending ending(Verdict verdict) {
    return new Ending(verdict.best().choice(), FinishReason.STOP, 0, Optional.of(verdict));
  }
}
