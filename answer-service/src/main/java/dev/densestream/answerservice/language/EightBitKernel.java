package dev.densestream.answerservice.language;

import dev.densestream.visionpipeline.CpuFeatures;

/**
 * Who multiplies whole numbers. All give the same numbers but for rounding; which one is faster
 * depends on the processor (src/docs/benchmarks.md).
 */
enum EightBitKernel {
  /** The faster one with matrix tiles (AMX), for one row as for many. */
  ONEDNN(1),

  /** The faster one without: it reads weights for few rows at nearly the speed of memory. */
  FBGEMM(2),

  /** The GPU's own library. */
  GPU(3);

  private static final int ALL_LEVELS = 127;

  /** Without VNNI two products are added up in 16 bits, so that inputs must have 7 of them. */
  private static final int HALF_LEVELS = 63;

  private final int number;

  EightBitKernel(int number) {
    this.number = number;
  }

  static EightBitKernel fastestOn(CpuFeatures cpu) {
    return cpu.amxInt8() ? ONEDNN : FBGEMM;
  }

  /** As LanguageModel.torch has it in dims[10]. */
  int number() {
    return number;
  }

  /** Levels of an input to each side of 0 that the processor multiplies without saturation. */
  static int levels(CpuFeatures cpu) {
    return cpu.avx512Vnni() ? ALL_LEVELS : HALF_LEVELS;
  }
}
