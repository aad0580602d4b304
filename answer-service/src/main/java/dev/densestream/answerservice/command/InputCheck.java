package dev.densestream.answerservice.command;

import dev.densestream.answerservice.evaluate.PredictionFile;
import dev.densestream.answerservice.evaluate.QuestionSource;
import dev.densestream.answerservice.evaluate.VideoFolder;
import dev.densestream.answerservice.evaluate.VideoQuestion;
import dev.densestream.answerservice.format.FormatException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Reads all questions before the first is asked: what is wrong with a file shows at once, a line
 * for each entry, and not after hours. Holds the ids.
 */
final class InputCheck implements QuestionSource.Reader {
  /** Sentences printed; more are counted. */
  private static final int PRINTED = 20;

  private final QuestionSource source;
  private final VideoFolder folder;
  private final Optional<PredictionFile> predictions;
  private final boolean choosing;
  private final PrintWriter err;
  private final Set<String> ids = new HashSet<>();
  private long total;
  private long open;
  private long bad;
  private long missing;
  private String firstMissing = "";

  InputCheck(
      QuestionSource source,
      VideoFolder folder,
      Optional<PredictionFile> predictions,
      boolean choosing,
      PrintWriter err) {
    this.source = source;
    this.folder = folder;
    this.predictions = predictions;
    this.choosing = choosing;
    this.err = err;
  }

  EvaluationInput check(boolean skipMissing) throws IOException {
    source.read(this);
    err.flush();
    if (bad > 0) {
      throw new CommandFailedException(
          "questions_not_usable", bad + " entries of " + source.questions() + " are not usable.");
    }
    if (total + missing == 0) {
      throw new CommandFailedException(
          "questions_not_usable", "There is no question in " + source.questions() + ".");
    }
    if (missing > 0 && !skipMissing) {
      throw new CommandFailedException(
          "videos_not_found",
          missing
              + " questions are about videos that are not there, the first about "
              + firstMissing
              + "; --skip-missing leaves them out.");
    }
    return new EvaluationInput(source, folder, total, missing, open);
  }

  @Override
  public void question(VideoQuestion question) {
    try {
      accept(question);
    } catch (FormatException wrong) {
      bad(source.questions() + ", question " + question.id() + ": " + wrong.sentence());
    }
  }

  private void accept(VideoQuestion question) {
    if (choosing) {
      var _ = question.choosing(); // refuses what cannot be chosen from
    }
    if (!ids.add(question.id().text())) {
      bad(source.questions() + " has two questions with the id " + question.id() + ".");
    } else if (predictions.flatMap(file -> file.known(question)).isPresent()) {
      total++;
    } else if (folder.find(question.video()).isEmpty()) {
      firstMissing = missing++ == 0 ? question.video() : firstMissing;
    } else {
      total++;
      open++;
    }
  }

  @Override
  public void bad(String sentence) {
    bad++;
    if (bad <= PRINTED) {
      err.println("densestream: " + sentence);
    }
  }
}
