package dev.densestream.answerservice.command;

import dev.densestream.answerservice.clip.ClipQuestions.Outcome;
import dev.densestream.answerservice.evaluate.Grade;
import dev.densestream.answerservice.evaluate.PredictionFile;
import dev.densestream.answerservice.evaluate.QuestionSource;
import dev.densestream.answerservice.evaluate.Scores;
import dev.densestream.answerservice.evaluate.VideoQuestion;
import dev.densestream.ingest.Media;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;

/**
 * Asks questions in the order of their file, those about one video together. Holds the questions of
 * one video at a time, at most {@value #MOST_TOGETHER}.
 */
final class EvaluationRun implements QuestionSource.Reader {
  private static final int MOST_TOGETHER = 64;

  private final EvaluationInput input;
  private final Optional<PredictionFile> predictions;
  private final Model model;
  private final PrintWriter err;
  private final ProgressLine progress;
  private final Scores scores = new Scores();
  private final List<VideoQuestion> together = new ArrayList<>();
  private final long start = System.nanoTime();
  private long asked;

  /** What answers: an outcome for each question, or one for the video. */
  interface Model {
    Flux<Outcome> ask(Media media, List<VideoQuestion> questions);
  }

  EvaluationRun(
      EvaluationInput input, Optional<PredictionFile> predictions, Model model, PrintWriter err) {
    this.input = input;
    this.predictions = predictions;
    this.model = model;
    this.err = err;
    this.progress = new ProgressLine(err);
  }

  Scores run() throws IOException {
    input.source().read(this);
    askTogether();
    progress.clear();
    return scores;
  }

  @Override
  public void question(VideoQuestion question) throws IOException {
    Optional<String> known = predictions.flatMap(file -> file.known(question));
    if (known.isPresent()) {
      scores.add(question, Grade.right(question, known.orElseThrow()));
    } else if (input.folder().find(question.video()).isPresent()) {
      boolean same = together.isEmpty() || together.getFirst().video().equals(question.video());
      if (!same || together.size() == MOST_TOGETHER) {
        askTogether();
      }
      together.add(question);
    }
  }

  /** The file was in order when it was checked. */
  @Override
  public void bad(String sentence) {
    throw new CommandFailedException("questions_not_usable", sentence);
  }

  private void askTogether() throws IOException {
    if (together.isEmpty()) {
      return;
    }
    Path video = input.folder().find(together.getFirst().video()).orElseThrow();
    Iterator<VideoQuestion> waiting = together.iterator();
    try {
      model
          .ask(VideoFile.open(video), List.copyOf(together))
          .doOnNext(outcome -> settle(outcome, video, waiting))
          .blockLast();
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
    waiting.forEachRemaining(question -> scores.add(question, false));
    together.clear();
  }

  /** What could not be answered is not right, and is asked again by the next run. */
  private void settle(Outcome outcome, Path video, Iterator<VideoQuestion> waiting) {
    VideoQuestion question = waiting.next();
    switch (outcome) {
      case Outcome.Answered(var text) -> {
        write(question, text);
        scores.add(question, Grade.right(question, text));
      }
      case Outcome.Refused(var code, var detail) -> {
        scores.add(question, false);
        progress.clear();
        err.println("densestream: " + code + ": " + video + ": " + detail);
        err.flush();
      }
    }
    asked++;
    progress.show(said());
  }

  private void write(VideoQuestion question, String text) {
    try {
      if (predictions.isPresent()) {
        predictions.orElseThrow().add(question, text);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private String said() {
    double seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
    double left = seconds / asked * (input.open() - asked);
    return String.format(
        Locale.ROOT,
        "%d of %d questions, %.1f %% right, %.0f s left",
        input.total() - input.open() + asked,
        input.total(),
        100 * scores.all().accuracy(),
        Math.max(0, left));
  }
}
