package dev.densestream.benchmarks.gguf;

import java.util.List;

/** A value of the metadata, of the kinds that these models need. */
sealed interface GgufValue {
  record Text(String text) implements GgufValue {}

  record Whole(int number) implements GgufValue {}

  record Real(float number) implements GgufValue {}

  record Truth(boolean truth) implements GgufValue {}

  record Texts(List<String> texts) implements GgufValue {
    public Texts {
      texts = List.copyOf(texts);
    }
  }

  record Reals(List<Float> numbers) implements GgufValue {
    public Reals {
      numbers = List.copyOf(numbers);
    }
  }

  record Wholes(List<Integer> numbers) implements GgufValue {
    public Wholes {
      numbers = List.copyOf(numbers);
    }
  }
}
