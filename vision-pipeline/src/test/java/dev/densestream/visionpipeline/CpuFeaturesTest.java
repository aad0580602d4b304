package dev.densestream.visionpipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CpuFeaturesTest {
  @Test
  void areReadFromTheKernelsLineOfFlags() {
    assertThat(CpuFeatures.of("flags\t\t: fpu sse2 avx512_vnni amx_bf16 amx_int8"))
        .isEqualTo(new CpuFeatures(true, true));
    assertThat(CpuFeatures.of("flags\t\t: fpu avx2 avx512_vnni"))
        .isEqualTo(new CpuFeatures(false, true));
    assertThat(CpuFeatures.of("")).isEqualTo(new CpuFeatures(false, false));
  }
}
