package dev.densestream.answerservice.command;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.AnswerFormat;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.VisualBudget;
import dev.densestream.answerservice.clip.AskSettings;
import dev.densestream.answerservice.clip.ClipQuestions;
import dev.densestream.answerservice.clip.ClipQuestions.Asked;
import dev.densestream.answerservice.evaluate.PredictionFile;
import dev.densestream.answerservice.evaluate.QuestionSource;
import dev.densestream.answerservice.evaluate.Requirement;
import dev.densestream.answerservice.evaluate.Scores;
import dev.densestream.answerservice.evaluate.VideoFolder;
import dev.densestream.answerservice.evaluate.VideoQuestion;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Flux;

/** Accuracy of a model's answers to questions whose answers are known. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = "Asks a file of questions about videos and counts the right answers.")
final class EvaluateCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ModelOptions options = new ModelOptions();

  @Option(
      names = "--questions",
      required = true,
      paramLabel = "FILE",
      description =
          "Lines of {\"video\",\"question\",\"answer\",\"type\"?,\"choices\"?}; or the questions of"
              + " MSVD-QA, MSRVTT-QA or ActivityNet-QA (test_q.json, test_qa.json).")
  private @Nullable Path questions;

  @Option(
      names = "--answers",
      paramLabel = "FILE",
      description = "Answers to test_q.json (default: test_a.json beside it).")
  private @Nullable Path answers;

  @Option(
      names = "--videos",
      required = true,
      paramLabel = "DIR",
      description = "Where the videos are.")
  private @Nullable Path videos;

  @Option(
      names = "--predictions",
      paramLabel = "FILE",
      description =
          "Written as lines of {\"id\",\"question\",\"answer\",\"pred\"}, as the original evaluation"
              + " writes them. What is in it already is not asked again.")
  private @Nullable Path predictions;

  @Option(
      names = "--require",
      split = ",",
      paramLabel = "TYPE=ACCURACY",
      description = "Exit with 1 unless reached, such as colour=0.95,all=0.9.")
  private List<String> require = List.of();

  @Mixin private AnswerBounds bounds = new AnswerBounds();

  @Option(
      names = "--choose",
      description =
          "Let the answer be one of a question's choices, the most probable one, where it has some"
              + " (default: free answers).")
  private boolean choose;

  @Option(
      names = "--skip-missing",
      description = "Leave out questions whose video is not there, and say how many.")
  private boolean skipMissing;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    List<Requirement> required = required();
    PrintWriter err = requireNonNull(spec).commandLine().getErr();
    QuestionSource source = source();
    VideoFolder folder = folder();
    try {
      Optional<PredictionFile> file =
          predictions == null ? Optional.empty() : Optional.of(PredictionFile.open(predictions));
      EvaluationInput input = new InputCheck(source, folder, file, choose, err).check(skipMissing);
      Scores scores = evaluate(input, file, err);
      print(input, scores);
      return met(required, scores, err) ? 0 : 1;
    } catch (IllegalArgumentException refused) {
      throw new CommandFailedException(
          "predictions_not_usable", String.valueOf(refused.getMessage()));
    } catch (IOException failure) {
      throw new CommandFailedException(
          "file_not_usable", "Cannot read or write a file: " + failure.getMessage() + ".");
    }
  }

  /** The model is opened only if something is left to ask. */
  private Scores evaluate(EvaluationInput input, Optional<PredictionFile> file, PrintWriter err)
      throws IOException {
    if (input.open() == 0) {
      return new EvaluationRun(input, file, (_, _) -> Flux.empty(), err).run();
    }
    try (ClipWorkbench bench = ClipWorkbench.open(options, err)) {
      int seen = bounds.frames(bench.model());
      GenerationSettings generation = GenerationSettings.greedy(bounds.maxTokens());
      AskSettings settings = new AskSettings(seen, VisualBudget.UNBOUNDED, generation);
      ClipQuestions clips = new ClipQuestions(bench.sampler(), bench.model());
      return new EvaluationRun(
              input, file, (media, all) -> clips.ask(media, asked(all), settings), err)
          .run();
    }
  }

  private List<Asked> asked(List<VideoQuestion> all) {
    return all.stream()
        .map(one -> new Asked(one.question(), choose ? one.choosing() : AnswerFormat.text()))
        .toList();
  }

  private void print(EvaluationInput input, Scores scores) {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    if (json) {
      out.println(scores.json().put("skipped", input.missing()).toPrettyString());
    } else {
      out.print(scores.table());
      if (input.missing() > 0) {
        out.println(input.missing() + " questions skipped: their videos are not there");
      }
    }
    out.flush();
  }

  private static boolean met(List<Requirement> required, Scores scores, PrintWriter err) {
    List<String> missed =
        required.stream().map(one -> one.missed(scores)).flatMap(Optional::stream).toList();
    missed.forEach(sentence -> err.println("densestream: requirement_not_met: " + sentence));
    err.flush();
    return missed.isEmpty();
  }

  private List<Requirement> required() {
    try {
      return require.stream().map(Requirement::parse).toList();
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(), "--require: " + wrong.getMessage(), wrong);
    }
  }

  private QuestionSource source() {
    Path file = requireNonNull(questions);
    for (Path one : answers == null ? List.of(file) : List.of(file, answers)) {
      if (!Files.isReadable(one) || Files.isDirectory(one)) {
        throw new CommandFailedException(
            "questions_not_found", "There is no readable file " + one + ".");
      }
    }
    return new QuestionSource(file, Optional.ofNullable(answers));
  }

  private VideoFolder folder() {
    Path folder = requireNonNull(videos);
    if (!Files.isDirectory(folder)) {
      throw new CommandFailedException(
          "videos_not_found", "There is no folder " + folder + "; --videos names one.");
    }
    try {
      return new VideoFolder(folder);
    } catch (IOException failure) {
      throw new CommandFailedException(
          "videos_not_found", "Cannot read " + folder + ": " + failure.getMessage());
    }
  }
}
