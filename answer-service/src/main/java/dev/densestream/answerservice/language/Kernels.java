package dev.densestream.answerservice.language;

import dev.densestream.answerservice.language.vector.VectorSupport;
import dev.densestream.visionpipeline.CpuFeatures;

/**
 * What multiplies.
 *
 * @param eightBits for weights in 8 bits
 * @param vectors whether steps of few rows with other weights are Java's
 */
record Kernels(EightBitKernel eightBits, boolean vectors) {
  static Kernels fastestHere() {
    EightBitKernel eightBits = EightBitKernel.fastestOn(CpuFeatures.ofThisMachine());
    return new Kernels(eightBits, VectorSupport.isThere());
  }
}
