package dev.densestream.trainer.train.program;

import dev.densestream.trainer.train.config.ModelPlan;
import dev.densestream.trainer.train.config.Shares;
import dev.densestream.trainer.train.lesson.History;
import dev.densestream.trainer.train.lesson.Labels;
import dev.densestream.trainer.train.model.ModelWriter;
import dev.densestream.visionpipeline.Tensor;
import dev.densestream.visionpipeline.TensorRuntime;
import dev.densestream.visionpipeline.connector.ConnectorKind;
import dev.densestream.visionpipeline.encoder.StateSelection;
import java.util.stream.LongStream;

/** The numbers that Training.torch is called with, in the order that it documents. */
record ProgramNumbers(ModelPlan plan) {
  long[] vision() {
    StateSelection states = plan.states();
    LongStream sizes =
        LongStream.of(
            plan.tower().heads(),
            2, // exact GELU
            states.base(),
            1, // class token
            plan.connector() == ConnectorKind.STI ? 1 : 0,
            plan.efficient() ? plan.tower().grid() : 0,
            0);
    LongStream groups =
        states.groups().stream().flatMapToLong(group -> LongStream.of(group.first(), group.last()));
    return LongStream.concat(sizes, groups).toArray();
  }

  /**
   * Sizes of the language model.
   *
   * @param needed whether words are learnt
   */
  long[] language(boolean needed) {
    LongStream sizes =
        LongStream.of(
            plan.language().layers(),
            plan.language().heads(),
            plan.language().keyValueHeads(),
            plan.language().headSize(),
            needed ? 1 : 0,
            Labels.kinds().length);
    LongStream kinds =
        LongStream.concat(LongStream.of(Labels.kinds()), LongStream.of(History.kinds()));
    return LongStream.concat(sizes, kinds).toArray();
  }

  static double[] shares(Shares shares) {
    return new double[] {
      ModelWriter.TOWER_EPS,
      ModelWriter.LANGUAGE_EPS,
      shares.words(),
      shares.patches(),
      shares.tokens(),
      shares.history(),
      shares.pointing(),
      shares.subjects(),
      shares.shape()
    };
  }

  /** As a tensor, which methods with gradients recorded take; the caller closes it. */
  static Tensor tensor(TensorRuntime runtime, long... numbers) {
    return runtime.longs(numbers, numbers.length);
  }

  /** As a tensor; the caller closes it. */
  static Tensor tensor(TensorRuntime runtime, double... numbers) {
    float[] narrow = new float[numbers.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) numbers[i];
    }
    return runtime.floats(narrow, narrow.length);
  }
}
