package dev.densestream.benchmarks.sidebyside;

import dev.densestream.benchmarks.gguf.LlamaShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * Several questions that share a long beginning, put to {@code llama-server} with its prompt cache
 * on: seconds until the last is answered. The beginning stands for a window's visual tokens; it is
 * new in every round, so that nothing of it is in the cache at first.
 */
record QuestionsOnOneWindow(LlamaCpp build, Path model, String type, int threads, Order order)
    implements Candidate {
  static final int WINDOW = 1152;
  static final int QUESTION = 20;
  static final int ANSWER = 24;
  static final int QUESTIONS = 8;

  private static final int WORDS = 30000;

  /** How the questions are put; which of them suits the server best is not ours to guess. */
  enum Order {
    TOGETHER("together"),
    FIRST_THEN_REST("first, then the rest"),
    ONE_BY_ONE("one by one");

    private final String words;

    Order(String words) {
      this.words = words;
    }
  }

  @Override
  public String name() {
    return "llama-server " + type + ", " + order.words;
  }

  @Override
  public boolean ours() {
    return false;
  }

  @Override
  public List<Figure> measure(int round) throws IOException, InterruptedException {
    int context = (WINDOW + QUESTION + ANSWER + 255) / 256 * 256;
    try (LlamaServer server = LlamaServer.start(build, model, threads, QUESTIONS, context)) {
      var random = new SplittableRandom(round);
      server.ask(words(random, 64), ANSWER).join(); // touches the weights once
      List<List<Integer>> prompts = prompts(random);
      long begin = System.nanoTime();
      put(server, prompts);
      double seconds = (System.nanoTime() - begin) / 1e9;
      return List.of(new Figure(QUESTIONS + " questions", type + ", " + order.words, seconds, "s"));
    }
  }

  private void put(LlamaServer server, List<List<Integer>> prompts) {
    int alone =
        switch (order) {
          case TOGETHER -> 0;
          case FIRST_THEN_REST -> 1;
          case ONE_BY_ONE -> prompts.size();
        };
    prompts.subList(0, alone).forEach(prompt -> server.ask(prompt, ANSWER).join());
    CompletableFuture.allOf(
            prompts.subList(alone, prompts.size()).stream()
                .map(prompt -> server.ask(prompt, ANSWER))
                .toArray(CompletableFuture<?>[]::new))
        .join();
  }

  private static List<List<Integer>> prompts(SplittableRandom random) {
    List<Integer> window = words(random, WINDOW);
    List<List<Integer>> prompts = new ArrayList<>();
    for (int i = 0; i < QUESTIONS; i++) {
      List<Integer> prompt = new ArrayList<>(window);
      prompt.addAll(words(random, QUESTION));
      prompts.add(prompt);
    }
    return prompts;
  }

  private static List<Integer> words(SplittableRandom random, int count) {
    return random.ints(count, LlamaShape.FIRST_WORD, WORDS).boxed().toList();
  }
}
