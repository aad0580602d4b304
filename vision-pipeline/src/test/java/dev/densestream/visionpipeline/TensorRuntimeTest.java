package dev.densestream.visionpipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NativeHandles.class)
class TensorRuntimeTest {
  @Test
  void runsFunctionsThatCallEachOther(TensorRuntime runtime) {
    try (TensorProgram program = runtime.compile(TensorRuntimeTest.class, "Sample.torch");
        Tensor x = runtime.floats(new float[] {1, 2, 3}, 3);
        Tensor y = program.call("double", x)) {
      assertThat(y.toFloats()).containsExactly(2, 4, 6);
      assertThat(y.shape()).containsExactly(3);
    }
  }

  @Test
  void passesListsNumbersAndFlags(TensorRuntime runtime) {
    try (TensorProgram program = runtime.compile(TensorRuntimeTest.class, "Sample.torch");
        TensorList weights =
            runtime.list(
                List.of(
                    runtime.floats(new float[] {1, 2}, 2),
                    runtime.floats(new float[] {10, 20}, 2)));
        Tensor sum = program.call("total", weights, 3);
        Tensor small = runtime.floats(new float[] {7}, 1);
        Tensor chosen = program.call("which", sum, false, small)) {
      assertThat(weights.size()).isEqualTo(2);
      assertThat(sum.toFloats()).containsExactly(33, 66);
      assertThat(chosen.toFloats()).containsExactly(7);
    }
  }

  @Test
  void returnsListsAndTuplesWhoseItemsTheCallerOwns(TensorRuntime runtime) {
    try (TensorProgram program = runtime.compile(TensorRuntimeTest.class, "Sample.torch");
        Tensor x = runtime.longs(new long[] {1, 2, 3, 4}, 2, 2)) {
      List<Tensor> halves = program.callForAll("halves", x);
      List<Tensor> rows = program.callForAll("rows", x);
      assertThat(halves.get(1).toLongs()).containsExactly(3, 4);
      assertThat(rows.get(0).toLongs()).containsExactly(1, 2);
      assertThat(runtime.liveHandles()).isEqualTo(6);
      halves.forEach(Tensor::close);
      rows.forEach(Tensor::close);
    }
  }

  @Test
  void readsViewsInRowMajorOrder(TensorRuntime runtime) {
    try (TensorProgram program = runtime.compile(TensorRuntimeTest.class, "Sample.torch");
        Tensor x = runtime.bytes(new byte[] {1, 2, 3, 4, 5, 6}, 2, 3);
        Tensor y = program.call("transposed", x)) {
      assertThat(y.shape()).containsExactly(3, 2);
      assertThat(y.toBytes()).containsExactly(1, 4, 2, 5, 3, 6);
    }
  }

  @Test
  void keepsBfloat16InsidePrograms(TensorRuntime runtime) {
    try (TensorProgram program = runtime.compile(TensorRuntimeTest.class, "Sample.torch");
        Tensor x = runtime.floats(new float[] {1.5f, 1.001f}, 2);
        Tensor narrow = program.call("as_bfloat16", x);
        Tensor wide = program.call("as_float", narrow)) {
      assertThat(wide.toFloats()).containsExactly(1.5f, 1.0f);
      assertThat(narrow.shape()).containsExactly(2);
      assertThatThrownBy(narrow::toFloats).hasMessageContaining("not float32");
    }
  }

  @Test
  void readsEmptyAndScalarTensors(TensorRuntime runtime) {
    try (Tensor empty = runtime.floats(new float[0], 0, 4);
        Tensor scalar = runtime.floats(new float[] {5})) {
      assertThat(empty.toFloats()).isEmpty();
      assertThat(empty.shape()).containsExactly(0, 4);
      assertThat(scalar.toFloats()).containsExactly(5);
      assertThat(scalar.shape()).isEmpty();
    }
  }

  @Test
  void refusesValuesThatDoNotFitTheShape(TensorRuntime runtime) {
    assertThatThrownBy(() -> runtime.floats(new float[3], 2, 2)).hasMessageContaining("[2, 2]");
  }

  @Test
  void convertsStoredWeights(TensorRuntime runtime) {
    ByteBuffer halves = direct(8);
    for (float value : new float[] {0.5f, -2, 1, 3}) {
      halves.putShort(Float.floatToFloat16(value));
    }
    ByteBuffer brain = direct(8);
    for (float value : new float[] {0.5f, -2, 1, 3}) {
      brain.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
    }
    halves.flip();
    brain.flip();
    for (Precision precision : Precision.values()) {
      try (TensorProgram program = runtime.compile(TensorRuntimeTest.class, "Sample.torch");
          Tensor a = runtime.weight(List.of(halves), ElementType.FP16, precision, 2, 2);
          Tensor b = runtime.weight(List.of(brain), ElementType.BF16, precision, 2, 2);
          Tensor wideA = program.call("as_float", a);
          Tensor wideB = program.call("as_float", b)) {
        assertThat(wideA.toFloats()).containsExactly(0.5f, -2, 1, 3);
        assertThat(wideB.toFloats()).containsExactly(0.5f, -2, 1, 3);
        assertThat(wideB.shape()).containsExactly(2, 2);
      }
    }
  }

  /** On a processor, in the type that they are stored in; the control is one that must be made. */
  @Test
  void usesStoredWeightsWhereTheyLie(TensorRuntime runtime) {
    for (Precision precision : Precision.values()) {
      for (ElementType stored : List.of(ElementType.FP16, ElementType.BF16)) {
        ByteBuffer bytes = direct(2);
        try (TensorProgram program = runtime.compile(TensorRuntimeTest.class, "Sample.torch");
            Tensor weight = runtime.weight(List.of(bytes), stored, precision, 1)) {
          bytes.putShort(0, (short) 0x4000); // 2 in both
          try (Tensor wide = program.call("as_float", weight)) {
            assertThat(wide.toFloats()[0] > 0).isEqualTo(stored == precision.elementType());
          }
        }
      }
    }
  }

  /** The first is the next number after 1 that has 10 bits behind the point, the second has 7. */
  @Test
  void roundsWeightsToThePrecision(TensorRuntime runtime) {
    ByteBuffer bytes = direct(8).putFloat(0x1.004p0f).putFloat(0x1.02p0f).flip();
    float[] fine = {0x1.004p0f, 0x1.02p0f};
    float[] coarse = {1, 0x1.02p0f};
    for (Precision precision : Precision.values()) {
      try (TensorProgram program = runtime.compile(TensorRuntimeTest.class, "Sample.torch");
          Tensor weight = runtime.weight(List.of(bytes), ElementType.FP32, precision, 2);
          Tensor wide = program.call("as_float", weight)) {
        assertThat(wide.toFloats())
            .as("%s", precision)
            .isEqualTo(precision.elementType() == ElementType.BF16 ? coarse : fine);
      }
    }
  }

  /** A pool takes what is written to it in its own type. */
  @Test
  void reservesMemoryOfThePrecision(TensorRuntime runtime) {
    float[] values = {0x1.004p0f, 0x1.002p0f, 0x1.001p0f};
    for (Precision precision : Precision.values()) {
      try (TensorProgram program = runtime.compile(TensorRuntimeTest.class, "Sample.torch");
          Tensor pool = runtime.reserve(precision, 3);
          Tensor source = runtime.floats(values, 3);
          Tensor written = program.call("written", pool, source)) {
        float[] expected =
            switch (precision.elementType()) {
              case FP32 -> values;
              case FP16 -> new float[] {0x1.004p0f, 1, 1}; // to the nearest, a tie to even
              case BF16 -> new float[] {1, 1, 1};
            };
        assertThat(written.toFloats()).as("%s", precision).isEqualTo(expected);
      }
    }
  }

  @Test
  void joinsRowsOfLargeWeights(TensorRuntime runtime) {
    ByteBuffer first = direct(8).putFloat(1).putFloat(2).flip();
    ByteBuffer rest = direct(16).putFloat(3).putFloat(4).putFloat(5).putFloat(6).flip();
    try (Tensor joined =
        runtime.weight(List.of(first, rest), ElementType.FP32, Precision.FP32, 3, 2)) {
      assertThat(joined.toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(joined.shape()).containsExactly(3, 2);
    }
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void namesResourceAndLine_whenAProgramDoesNotCompile(TensorRuntime runtime) {
    assertThatThrownBy(() -> runtime.compile(TensorRuntimeTest.class, "Broken.torch"))
        .isInstanceOf(TensorProgramException.class)
        .hasMessage("program Broken.torch, line 4 does not compile: undefined value y:");
  }

  @Test
  void recordsGradients_whenAskedTo(TensorRuntime runtime) {
    try (TensorProgram program = runtime.compile(TensorRuntimeTest.class, "Sample.torch");
        Tensor plain = runtime.floats(new float[] {1, 2}, 2);
        TensorList weights = runtime.list(program.learn("learnable", plain));
        Tensor x = runtime.floats(new float[] {3, 1}, 2)) {
      try (Tensor loss = program.learn("squares", weights, x).getFirst();
          Tensor gradient = program.call("gradient", weights)) {
        assertThat(loss.toFloats()).containsExactly(9 + 4);
        assertThat(gradient.toFloats()).containsExactly(2 * 9 * 1, 2 * 1 * 2);
      }
      assertThatThrownBy(() -> program.call("squares", weights, x))
          .isInstanceOf(TensorProgramException.class);
    }
  }

  @Test
  void usesFunctionsOfOtherPrograms(TensorRuntime runtime) {
    try (TensorProgram program =
            runtime.compile(
                ProgramTexts.of(TensorRuntimeTest.class, "Joined.torch"),
                List.of(ProgramTexts.of(Sample.class, "Sample.torch")));
        Tensor x = runtime.floats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        Tensor y = program.call("scaled", x)) {
      assertThat(y.toFloats()).containsExactly(11, 21, 31, 41, 51, 61);
      assertThatThrownBy(() -> program.call("wrong", x))
          .hasMessageContaining("Sample_product line")
          .hasMessageContaining("called from wrong line 7");
    }
  }

  @Test
  void namesResource_whenItIsMissing(TensorRuntime runtime) {
    assertThatThrownBy(() -> runtime.compile(TensorRuntimeTest.class, "Absent.torch"))
        .isInstanceOf(TensorProgramException.class)
        .hasMessageContaining("Absent.torch is missing");
  }

  @Test
  void namesProgramMethodAndLine_whenACallFails(TensorRuntime runtime) {
    try (TensorProgram program = runtime.compile(TensorRuntimeTest.class, "Sample.torch");
        Tensor x = runtime.floats(new float[6], 2, 3)) {
      assertThatThrownBy(() -> program.call("square_of", x))
          .isInstanceOf(TensorProgramException.class)
          .hasMessage(
              "program Sample.torch failed in product line 40, called from square_of line 36:"
                  + " mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)");
      assertThatThrownBy(() -> program.call("nothing", x))
          .isInstanceOf(TensorProgramException.class)
          .hasMessageContaining("Sample.torch failed in nothing");
    }
  }

  @Test
  void refusesWhatIsClosed(TensorRuntime runtime) {
    Tensor x = runtime.floats(new float[1], 1);
    x.close();
    x.close();
    assertThatThrownBy(x::toFloats).hasMessage("tensor is closed");
    assertThat(runtime.liveHandles()).isZero();
  }

  @Test
  void refusesADeviceTheEngineDoesNotHave() {
    assertThatThrownBy(() -> TensorRuntime.open(new RuntimeSettings(1, "gpu7")))
        .isInstanceOf(DeviceMissingException.class)
        .hasMessageContaining("device gpu7 is not available")
        .hasMessageContaining("PYTORCH_LIBRARY_PATH");
    assertThatThrownBy(() -> TensorRuntime.open(new RuntimeSettings(1, "tpu")))
        .isInstanceOf(DeviceMissingException.class)
        .hasMessageContaining("no device tpu");
  }

  @Test
  void detectsALeak_theControl(TensorRuntime runtime) {
    Tensor leaked = runtime.floats(new float[1], 1);
    assertThatThrownBy(() -> NativeHandles.verifyClosed(runtime))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("1 native handles");
    leaked.close();
    NativeHandles.verifyClosed(runtime);
  }
}
