package dev.densestream.visionpipeline;

/**
 * Element type the weights are held and multiplied in. Tensors that cross to Java are float32 in
 * any case.
 */
public enum Precision {
  FP32,
  BF16,
  /** On a GPU alone: finer than {@link #BF16} by three bits, and for numbers up to 65,504. */
  FP16,
  /**
   * The linear layers of a language model and of a vision transformer's blocks multiply whole
   * numbers of 8 bits, with one scale for each row of the weights and one for each row of the
   * input; everything else is as in {@link #BF16}, and so are those blocks on an accelerator and on
   * a processor without AVX512-VNNI.
   */
  INT8,
  /**
   * As {@link #INT8}, on a processor alone; beside it a language model has its linear layers in 4
   * bits, in groups of 32 numbers of a row with a scale each, from which steps of one row or two
   * are computed.
   */
  INT4;

  /** Whether linear layers multiply whole numbers. */
  public boolean wholeNumbers() {
    return this == INT8 || this == INT4;
  }

  /** Of weights that are not whole numbers, and of what goes from layer to layer. */
  public ElementType elementType() {
    return switch (this) {
      case FP32 -> ElementType.FP32;
      case FP16 -> ElementType.FP16;
      case BF16, INT8, INT4 -> ElementType.BF16;
    };
  }

  /**
   * Asked before anything is loaded.
   *
   * @param device as {@link RuntimeSettings} has it
   * @throws DeviceMissingException if it does not compute in this precision
   */
  public void requireDevice(String device) {
    boolean processor = device.equals(RuntimeSettings.CPU);
    if (this == FP16 && processor) {
      throw new DeviceMissingException("precision fp16 is for a GPU: on a processor choose bf16");
    }
    if (this == INT4 && !processor) {
      throw new DeviceMissingException("precision int4 is for a processor: on a GPU choose bf16");
    }
  }
}
