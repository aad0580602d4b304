package dev.densestream.answerservice.generate;

import dev.densestream.answerservice.GenerationSettings;
import dev.densestream.answerservice.language.NextToken;
import java.util.Arrays;
import java.util.Comparator;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/** Chooses the next token: the likeliest one, or by chance among those that make up top-p. */
final class TokenSampler {
  private final double temperature;
  private final double topP;
  private final RandomGenerator random;

  TokenSampler(GenerationSettings settings) {
    temperature = settings.temperature();
    topP = settings.topP();
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(settings.seed());
  }

  int choose(NextToken said) {
    int likeliest = said.likeliest();
    if (temperature == 0) {
      return likeliest;
    }
    float[] logits = said.logits();
    double[] weights = weights(logits, logits[likeliest]);
    double total = Arrays.stream(weights).sum();
    int[] nucleus = nucleus(weights, total);
    double kept = Arrays.stream(nucleus).mapToDouble(id -> weights[id]).sum();
    double drawn = random.nextDouble() * kept;
    for (int id : nucleus) {
      drawn -= weights[id];
      if (drawn < 0) {
        return id;
      }
    }
    return likeliest;
  }

  private double[] weights(float[] logits, float highest) {
    double[] weights = new double[logits.length];
    for (int id = 0; id < weights.length; id++) {
      weights[id] = Math.exp((logits[id] - highest) / temperature);
    }
    return weights;
  }

  /** The fewest likeliest tokens whose shares reach top-p, at least one, likeliest first. */
  private int[] nucleus(double[] weights, double total) {
    if (topP == 1) {
      return IntStream.range(0, weights.length).toArray();
    }
    int[] ids = sorted(weights, total);
    double sum = 0;
    for (int count = 0; count < ids.length; count++) {
      sum += weights[ids[count]];
      if (sum >= topP * total) {
        return Arrays.copyOf(ids, count + 1);
      }
    }
    return ids;
  }

  /** Tokens too unlikely to be in any nucleus are left out before sorting. */
  private int[] sorted(double[] weights, double total) {
    double least = (1 - topP) * total / weights.length;
    return IntStream.range(0, weights.length)
        .filter(id -> weights[id] > least)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer id) -> weights[id]).reversed())
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
