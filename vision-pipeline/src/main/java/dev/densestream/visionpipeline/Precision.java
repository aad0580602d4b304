package dev.densestream.visionpipeline;

/**
 * Element type the weights are held and multiplied in. Tensors that cross to Java are float32 in
 * any case.
 */
public enum Precision {
  FP32,
  BF16
}
