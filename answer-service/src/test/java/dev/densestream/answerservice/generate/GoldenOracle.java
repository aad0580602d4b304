package dev.densestream.answerservice.generate;

import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.language.KvPool;
import dev.densestream.answerservice.language.KvRange;
import dev.densestream.answerservice.language.LanguageConfig;
import dev.densestream.answerservice.language.LanguageModel;
import dev.densestream.answerservice.language.LanguageModel.Shown;
import dev.densestream.answerservice.prompt.ConversationTemplate;
import dev.densestream.answerservice.prompt.ImagePrompt;
import dev.densestream.answerservice.tokenizer.Tokenizer;
import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.VisualTokens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The tiny Vicuna fixture without an engine: how probable it finds a text behind a prompt, by one
 * prefill of prompt and text from nothing.
 */
final class GoldenOracle implements AutoCloseable {
  private static final Path CHECKPOINT =
      Path.of(System.getProperty("densestream.fixtures")).resolve("golden/llava-vicuna/checkpoint");

  private final TensorRuntime runtime = TensorRuntime.open(new RuntimeSettings(1, "cpu"));
  private final Tokenizer tokenizer = Tokenizer.open(CHECKPOINT);
  private final LanguageModel model;
  private final VisualTokens visual;
  private final ImagePrompt prompt;

  GoldenOracle(String run, List<Turn> turns) {
    Checkpoint checkpoint = Checkpoint.open(CHECKPOINT);
    model =
        LanguageModel.load(
            runtime,
            LanguageConfig.of(checkpoint.config()),
            checkpoint,
            Precision.FP32,
            tokenizer.length());
    visual = GoldenModel.visual(run).getFirst();
    prompt = ImagePrompt.of(tokenizer, ConversationTemplate.named("vicuna_v1").prompt(turns, true));
  }

  /** Tokens behind the pictures. */
  int ownTokens() {
    return prompt.stretches().getLast().size();
  }

  /** The ways to write a text behind the prompt: with and without a blank in front. */
  List<List<Integer>> spellings(String text) {
    return List.of(spelled(text), spelled(" " + text)).stream().distinct().toList();
  }

  private List<Integer> spelled(String text) {
    List<Integer> before = tokenizer.encode("ASSISTANT:", false);
    List<Integer> all = tokenizer.encode("ASSISTANT:" + text, false);
    return all.subList(before.size(), all.size());
  }

  /** Of the model saying all of these behind the prompt. */
  double probability(List<Integer> path) {
    List<Integer> after = new ArrayList<>(prompt.stretches().getLast());
    after.addAll(path);
    try (Tensor rows = model.rows(prompt.stretches().getFirst(), visual.values(), after);
        KvPool pool = model.newPool(4096)) {
      int count = prompt.stretches().getFirst().size() + visual.tokens() + after.size();
      KvRange places = pool.take(count).orElseThrow();
      float[] logits = model.prefill(rows, 0, count, places, pool, Shown.ALL);
      int width = logits.length / count;
      double probability = 1;
      for (int i = 0; i < path.size(); i++) {
        int row = count - path.size() + i - 1;
        float[] behind = Arrays.copyOfRange(logits, row * width, (row + 1) * width);
        probability *= share(behind, path.get(i));
      }
      return probability;
    }
  }

  private static double share(float[] logits, int id) {
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit);
    }
    return Math.exp(logits[id]) / sum;
  }

  @Override
  public void close() {
    model.close();
    tokenizer.close();
    runtime.close();
  }
}
