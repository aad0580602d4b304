package dev.densestream.visionpipeline;

/**
 * Element type the weights are held and multiplied in. Tensors that cross to Java are float32 in
 * any case.
 */
public enum Precision {
  FP32,
  BF16,
  /**
   * The linear layers of a language model and of a vision transformer's blocks multiply whole
   * numbers of 8 bits, with one scale for each row of the weights and one for each row of the
   * input; everything else is as in {@link #BF16}, and so are those blocks on an accelerator and on
   * a processor without AVX512-VNNI.
   */
  INT8
}
