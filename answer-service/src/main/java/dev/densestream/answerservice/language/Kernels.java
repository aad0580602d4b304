package dev.densestream.answerservice.language;

import dev.densestream.answerservice.language.vector.VectorSupport;
import dev.densestream.visionpipeline.CpuFeatures;
import dev.densestream.visionpipeline.TensorRuntime;

/**
 * What multiplies.
 *
 * @param text the program's part for the device
 * @param eightBits for weights in 8 bits
 * @param vectors whether steps of few rows with other weights are Java's
 */
record Kernels(String text, EightBitKernel eightBits, boolean vectors) {
  private static final String PROCESSOR = "OnProcessor.torch";
  private static final String GPU = "OnGpu.torch";

  static Kernels fastestOn(TensorRuntime runtime) {
    return runtime.onGpu()
        ? of(EightBitKernel.GPU, false)
        : of(EightBitKernel.fastestOn(CpuFeatures.ofThisMachine()), VectorSupport.isThere());
  }

  /** Those that belong together. */
  static Kernels of(EightBitKernel eightBits, boolean vectors) {
    return new Kernels(eightBits == EightBitKernel.GPU ? GPU : PROCESSOR, eightBits, vectors);
  }

  /** Whether the program is a GPU's; it runs on a processor too. */
  boolean onGpu() {
    return text.equals(GPU);
  }
}
