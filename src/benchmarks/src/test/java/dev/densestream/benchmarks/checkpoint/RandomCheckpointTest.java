package dev.densestream.benchmarks.checkpoint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.AnswerEvent;
import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.ModelSettings;
import dev.densestream.answerservice.Turn;
import dev.densestream.answerservice.VisualContext;
import dev.densestream.benchmarks.gguf.LlamaShape;
import dev.densestream.visionpipeline.Checkpoint;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RandomCheckpointTest {
  private static final LlamaShape LANGUAGE = new LlamaShape("small", 64, 2, 4, 4, 96, 900, 512);

  @TempDir Path folder;

  @Test
  void loadsAsAPublishedOneDoes_andAnswers() throws IOException {
    long bytes = write(folder);

    Checkpoint checkpoint = Checkpoint.open(folder);
    assertThat(checkpoint.keys()).hasSizeGreaterThan(400);
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> shards = files.filter(f -> f.toString().endsWith(".safetensors")).toList();
      assertThat(shards).hasSizeGreaterThan(2);
      assertThat(shards.stream().mapToLong(f -> f.toFile().length()).sum())
          .isBetween(bytes, bytes + 200_000L);
    }
    AnswerEvent.Finished answer = answer();
    assertThat(answer.text()).isNotBlank();
    assertThat(answer.usage().promptTokens())
        .as("24 words, one token each, and a question that is none of them")
        .isBetween(25, 45);
  }

  private AnswerEvent.Finished answer() {
    try (AnswerModel model =
            AnswerModel.load(folder, ModelSettings.defaults(), new SimpleMeterRegistry());
        VisualContext nothing = model.engine().context(List.of())) {
      AnswerEvent last =
          model
              .engine()
              .answer(nothing, List.of(Turn.user("Hello?")), GenerationSettings.greedy(4))
              .blockLast(Duration.ofSeconds(30));
      return (AnswerEvent.Finished) requireNonNull(last);
    }
  }

  @Test
  void isTheSame_whenWrittenAgain(@TempDir Path other) throws IOException {
    write(folder);
    write(other);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.toList())
          .allSatisfy(f -> assertThat(other.resolve(f.getFileName())).hasSameBinaryContentAs(f));
    }
  }

  private static long write(Path directory) throws IOException {
    TowerShape tower = new TowerShape(TowerShape.SIGLIP.name(), 72, 96, 26, 14, 9);
    return new RandomCheckpoint(new LlavaShape(LANGUAGE, tower, true), 500_000).write(directory);
  }
}
