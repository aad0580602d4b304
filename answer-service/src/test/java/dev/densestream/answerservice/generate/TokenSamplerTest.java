package dev.densestream.answerservice.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.densestream.answerservice.AnswerFormat;
import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.language.NextToken;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenSamplerTest {
  // Shares 0.5, 0.3, 0.15, 0.05.
  private static final float[] LOGITS = {
    (float) Math.log(0.15), (float) Math.log(0.5), (float) Math.log(0.05), (float) Math.log(0.3)
  };

  private static Map<Integer, Long> counts(double temperature, double topP, long seed, int draws) {
    TokenSampler sampler =
        new TokenSampler(
            new GenerationSettings(1, temperature, topP, seed, List.of(), AnswerFormat.text()));
    Map<Integer, Long> counts = new TreeMap<>();
    IntStream.range(0, draws)
        .forEach(_ -> counts.merge(sampler.choose(NextToken.of(LOGITS)), 1L, Long::sum));
    return counts;
  }

  @Test
  void choosesTheLikeliest_whenTemperatureIsZero() {
    assertThat(counts(0, 1, 1, 100)).containsExactly(Map.entry(1, 100L));
  }

  @Test
  void drawsByShare_whenTemperatureIsOne() {
    Map<Integer, Long> counts = counts(1, 1, 7, 20_000);

    assertThat(counts.getOrDefault(1, 0L) / 20_000.0).isCloseTo(0.5, within(0.02));
    assertThat(counts.getOrDefault(2, 0L) / 20_000.0).isCloseTo(0.05, within(0.01));
  }

  @Test
  void keepsToTheNucleus_whenTopPIsBelowOne() {
    assertThat(counts(1, 0.75, 3, 2_000)).containsOnlyKeys(1, 3);
    assertThat(counts(1, 0.4, 3, 2_000)).containsOnlyKeys(1);
  }

  @Test
  void repeatsItself_whenTheSeedIsTheSame() {
    assertThat(counts(1, 0.9, 42, 50)).isEqualTo(counts(1, 0.9, 42, 50));
    assertThat(counts(1, 0.9, 42, 50)).isNotEqualTo(counts(1, 0.9, 43, 50));
  }
}
