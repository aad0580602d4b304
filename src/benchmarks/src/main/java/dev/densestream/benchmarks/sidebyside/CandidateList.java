package dev.densestream.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Who takes part, ours and theirs by turns. */
record CandidateList(LlamaCpp build, PeerModels models, int threads, String shape) {
  private static final Path LAUNCHER = Path.of("src/bin/densestream").toAbsolutePath();
  private static final int DECODE = 64;
  private static final List<Integer> PREFILLS = List.of(512, QuestionsOnOneWindow.WINDOW);
  private static final int REPETITIONS = 2;
  private static final Set<String> TOWER_PRECISIONS = Set.of("fp32", "bf16", "int8");

  /** Tests that one run of a program gives together. */
  enum Group {
    LANGUAGE,
    ENCODE,
    QUESTIONS
  }

  /**
   * What each side has weights in, how many frames ours encodes at a time, and how theirs is asked.
   */
  record Types(
      List<String> precisions,
      List<String> language,
      List<String> vision,
      List<Integer> batches,
      List<QuestionsOnOneWindow.Order> orders) {}

  List<Candidate> of(List<Group> groups, Types types) throws IOException, InterruptedException {
    List<Candidate> all = new ArrayList<>();
    for (Group group : groups) {
      List<Candidate> ours =
          switch (group) {
            case LANGUAGE -> ourLanguage(types);
            case ENCODE -> ourEncode(types);
            case QUESTIONS -> ourQuestions(types);
          };
      List<Candidate> theirs =
          switch (group) {
            case LANGUAGE -> theirLanguage(types);
            case ENCODE -> theirEncode(types);
            case QUESTIONS -> theirQuestions(types);
          };
      for (int i = 0; i < Math.max(ours.size(), theirs.size()); i++) {
        all.addAll(ours.subList(Math.min(i, ours.size()), Math.min(i + 1, ours.size())));
        all.addAll(theirs.subList(Math.min(i, theirs.size()), Math.min(i + 1, theirs.size())));
      }
    }
    return all;
  }

  private List<Candidate> ourLanguage(Types types) {
    List<Candidate> all = new ArrayList<>();
    for (String precision : types.precisions()) {
      all.add(bench(shape, precision, REPETITIONS, "--prefill", "512", "--decode", "" + DECODE));
      all.add(
          bench(
              shape,
              precision,
              REPETITIONS,
              "--prefill",
              "" + QuestionsOnOneWindow.WINDOW,
              "--decode",
              "0"));
    }
    return all;
  }

  private List<Candidate> ourEncode(Types types) {
    List<Candidate> all = new ArrayList<>();
    for (String precision : types.precisions()) {
      if (TOWER_PRECISIONS.contains(precision)) {
        for (int batch : types.batches()) {
          all.add(bench("clip-l-336", precision, REPETITIONS, "--batch", "" + batch));
        }
      }
    }
    return all;
  }

  private List<Candidate> ourQuestions(Types types) {
    return types.precisions().stream()
        .map(
            precision ->
                bench(
                    shape,
                    precision,
                    1,
                    "--prefill",
                    "0",
                    "--decode",
                    "0",
                    "--questions",
                    "" + QuestionsOnOneWindow.QUESTIONS))
        .toList();
  }

  private Candidate bench(String ofShape, String precision, int repetitions, String... options) {
    List<String> all = new ArrayList<>(List.of("--shape", ofShape));
    all.addAll(List.of(options));
    all.addAll(List.of("--repetitions", Integer.toString(repetitions)));
    return new DenseStreamBench(LAUNCHER, precision, threads, all);
  }

  private List<Candidate> theirLanguage(Types types) throws IOException, InterruptedException {
    var plan = new LlamaBench.Plan(PREFILLS, DECODE, threads, REPETITIONS);
    List<Candidate> all = new ArrayList<>();
    for (String type : types.language()) {
      all.add(new LlamaBench(build, models.language(shape, type), type, plan));
    }
    return all;
  }

  private List<Candidate> theirEncode(Types types) throws IOException, InterruptedException {
    List<Candidate> all = new ArrayList<>();
    for (String type : types.vision()) {
      all.add(
          new ImageEncode(
              build, models.smallLanguage(), models.vision(type), models.picture(), type, threads));
    }
    return all;
  }

  private List<Candidate> theirQuestions(Types types) throws IOException, InterruptedException {
    List<Candidate> all = new ArrayList<>();
    for (String type : types.language()) {
      Path model = models.language(shape, type);
      types.orders().stream()
          .map(order -> new QuestionsOnOneWindow(build, model, type, threads, order))
          .forEach(all::add);
    }
    return all;
  }
}
