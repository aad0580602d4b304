package dev.densestream.answerservice.parity;

import dev.densestream.answerservice.language.KvPool;
import dev.densestream.answerservice.language.KvRange;
import dev.densestream.answerservice.language.LanguageConfig;
import dev.densestream.answerservice.language.LanguageModel;
import dev.densestream.answerservice.language.LanguageModel.Shown;
import dev.densestream.answerservice.language.Stretch;
import dev.densestream.answerservice.prompt.ImagePrompt;
import dev.densestream.answerservice.tokenizer.Tokenizer;
import dev.densestream.framesampler.ParityResult;
import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.Precision;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorFile;
import dev.densestream.visionpipeline.TensorRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/**
 * Kinds {@code llava-*}: prompt ids, spliced rows, prefill logits, greedily chosen tokens and the
 * logits they were chosen from, for each run of a whole model.
 */
final class ModelParity {
  private static final double TOLERANCE = 1e-4;

  private final String kind;
  private final TensorFile reference;
  private final Tokenizer tokenizer;
  private final LanguageModel model;
  private final FixturePictures pictures;
  private final List<ParityResult> results = new ArrayList<>();

  private ModelParity(
      String kind,
      TensorFile reference,
      Tokenizer tokenizer,
      LanguageModel model,
      FixturePictures pictures) {
    this.kind = kind;
    this.reference = reference;
    this.tokenizer = tokenizer;
    this.model = model;
    this.pictures = pictures;
  }

  /**
   * Compares one model folder.
   *
   * @param change applied to the model's configuration; identity except where a test shows that a
   *     wrong one is noticed
   */
  static List<ParityResult> run(
      TensorRuntime runtime, Path folder, UnaryOperator<LanguageConfig> change) {
    Checkpoint checkpoint = Checkpoint.open(folder.resolve("checkpoint"));
    LanguageConfig config = change.apply(LanguageConfig.of(checkpoint.config()));
    try (Tokenizer tokenizer = Tokenizer.open(checkpoint.directory());
        LanguageModel model =
            LanguageModel.load(runtime, config, checkpoint, Precision.FP32, tokenizer.length())) {
      ModelParity parity =
          new ModelParity(
              String.valueOf(folder.getFileName()),
              TensorFile.open(folder.resolve("reference.safetensors")),
              tokenizer,
              model,
              new FixturePictures(runtime, folder));
      Fixtures.json(folder.resolve("case.json")).path("runs").properties().stream()
          .filter(run -> run.getValue().has("prompt")) // what stands beside the runs is none
          .forEach(run -> parity.run(run.getKey(), run.getValue()));
      return parity.results;
    }
  }

  private void run(String name, JsonNode run) {
    ImagePrompt prompt = ImagePrompt.of(tokenizer, run.path("prompt").asString());
    exact(name + " input_ids", prompt.ids(), longs(name + ".input_ids"));
    int width = model.config().shape().width();
    float[] visual = pictures.encode(run);
    int limit = run.path("tokenizer_model_max_length").asInt(Integer.MAX_VALUE);
    try (Tensor rows =
        model.rows(prompt.stretches().getFirst(), visual, prompt.stretches().getLast())) {
      int sequence = Math.toIntExact(Math.min(limit, rows.shape()[0]));
      float[] values = model.values(rows);
      near(
          name + " inputs_embeds",
          Arrays.copyOf(values, sequence * width),
          reference.floats(name + ".inputs_embeds"));
      generate(name, rows, sequence);
    }
  }

  private void generate(String name, Tensor rows, int sequence) {
    List<Integer> expected = longs(name + ".generated");
    try (KvPool pool = model.newPool(sequence + expected.size())) {
      KvRange prompt = pool.take(sequence).orElseThrow();
      KvRange own = pool.take(expected.size()).orElseThrow();
      float[] all = model.prefill(rows, 0, sequence, prompt, pool, Shown.ALL);
      String key =
          name + (reference.keys().contains(name + ".logits") ? ".logits" : ".logits_tail");
      float[] wanted = reference.floats(key);
      near(key.replace('.', ' '), tail(all, wanted.length), wanted);
      int vocabulary = all.length / sequence;
      float[] logits = tail(all, vocabulary);
      List<Integer> chosen = new ArrayList<>();
      List<Float> steps = new ArrayList<>();
      for (int step = 0; step < expected.size(); step++) {
        for (float logit : logits) {
          steps.add(logit);
        }
        chosen.add(largest(logits));
        logits =
            model.step(List.of(new Stretch(prompt, own, step, List.of(chosen.getLast()))), pool)
                .take()[0];
      }
      exact(name + " generated", chosen, expected);
      near(name + " step_logits", floats(steps), reference.floats(name + ".step_logits"));
    }
  }

  private static float[] tail(float[] values, int count) {
    return Arrays.copyOfRange(values, values.length - count, values.length);
  }

  private static float[] floats(List<Float> values) {
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }

  private static int largest(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  private List<Integer> longs(String key) {
    List<Integer> values = new ArrayList<>();
    for (long value : reference.longs(key)) {
      values.add(Math.toIntExact(value));
    }
    return values;
  }

  private void exact(String name, Object actual, Object expected) {
    results.add(
        ParityResult.exact(
            kind, name, actual.equals(expected), "was " + actual + ", expected " + expected));
  }

  private void near(String name, float[] actual, float[] expected) {
    double error = actual.length == expected.length ? 0 : Double.POSITIVE_INFINITY;
    for (int i = 0; i < Math.min(actual.length, expected.length); i++) {
      double difference = Math.abs(actual[i] - expected[i]);
      // Not a number is a miss, not a difference of 0.
      error =
          difference <= error
              ? error
              : Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
    }
    String detail =
        actual.length == expected.length
            ? ""
            : "sizes " + actual.length + " and " + expected.length;
    results.add(new ParityResult(kind, name, error, TOLERANCE, detail));
  }
}
