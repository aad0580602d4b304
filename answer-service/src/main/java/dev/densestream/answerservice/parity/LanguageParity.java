package dev.densestream.answerservice.parity;

import dev.densestream.framesampler.ParityResult;
import dev.densestream.visionpipeline.Checkpoint;
import dev.densestream.visionpipeline.RuntimeSettings;
import dev.densestream.visionpipeline.TensorRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Runs the fixture kinds that belong to the language side. */
public final class LanguageParity {
  private LanguageParity() {}

  /**
   * Compares with every fixture of a kind known here.
   *
   * @param settings of the engine that runs models
   * @param golden folder with one sub-folder per kind
   * @param kinds which kinds to run
   * @return one result per comparison; none for a kind that is not there
   */
  public static List<ParityResult> run(
      RuntimeSettings settings, Path golden, Predicate<String> kinds) {
    List<ParityResult> results = new ArrayList<>();
    if (wanted(golden, kinds, "tokenizer")) {
      results.addAll(TokenizerParity.run(golden.resolve("tokenizer")));
    }
    if (wanted(golden, kinds, "conversation")) {
      results.addAll(ConversationParity.run(golden.resolve("conversation")));
    }
    results.addAll(models(settings, golden, kinds));
    return results;
  }

  private static List<ParityResult> models(
      RuntimeSettings settings, Path golden, Predicate<String> kinds) {
    List<Path> wanted =
        Fixtures.folders(golden).stream()
            .filter(folder -> kinds.test(String.valueOf(folder.getFileName())))
            .filter(LanguageParity::isSupportedModel)
            .toList();
    if (wanted.isEmpty()) {
      return List.of();
    }
    List<ParityResult> results = new ArrayList<>();
    try (TensorRuntime runtime = TensorRuntime.open(settings)) {
      for (Path folder : wanted) {
        results.addAll(ModelParity.run(runtime, folder, UnaryOperator.identity()));
      }
    }
    return results;
  }

  /** Models whose weights can be read. */
  private static boolean isSupportedModel(Path folder) {
    return Checkpoint.hasWeights(folder.resolve("checkpoint"))
        && Files.exists(folder.resolve("reference.safetensors"));
  }

  private static boolean wanted(Path golden, Predicate<String> kinds, String kind) {
    return kinds.test(kind) && Files.isDirectory(golden.resolve(kind));
  }
}
