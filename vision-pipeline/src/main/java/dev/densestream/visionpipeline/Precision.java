package dev.densestream.visionpipeline;

/**
 * Element type the weights are held and multiplied in. Tensors that cross to Java are float32 in
 * any case.
 */
public enum Precision {
  FP32,
  BF16,
  /**
   * A language model's linear layers multiply whole numbers of 8 bits, with one scale for each row
   * of the weights and one for each row of the input; everything else, vision towers included, is
   * as in {@link #BF16}.
   */
  INT8
}
