package dev.densestream.visionpipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How much of a mapped weight file counts as this process's memory. */
@ExtendWith(NativeHandles.class)
@EnabledOnOs(value = OS.LINUX, disabledReason = "only there a process can read it")
class MappedWeightsTest {
  private static final int SIDE = 2048;
  private static final long KIB = 4L * SIDE * SIDE / 1024;

  @TempDir Path folder;

  @Test
  void staysWhileAWeightIsUsedWhereItLies_andGoesWithIt(TensorRuntime runtime) throws IOException {
    Weights weights = weights();
    try (Tensor weight = weights.tensor(runtime, "w", Precision.FP32)) {
      assertThat(weight.toFloats()).contains(1.5f, 0f);
      assertThat(residentKib()).isGreaterThanOrEqualTo(KIB);
    }
    assertThat(residentKib()).isLessThan(KIB / 8);
    try (Tensor again = weights.tensor(runtime, "w", Precision.FP32)) {
      assertThat(again.toFloats()).contains(1.5f, 0f);
    }
  }

  @Test
  void goesAsSoonAsAWeightIsConverted(TensorRuntime runtime) throws IOException {
    Weights weights = weights();
    try (Tensor converted = weights.tensor(runtime, "w", Precision.BF16)) {
      assertThat(converted.shape()).containsExactly(SIDE, SIDE);
      assertThat(residentKib()).isLessThan(KIB / 8);
    }
  }

  private Weights weights() throws IOException {
    int bytes = 4 * SIDE * SIDE;
    String header =
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[%d,%d],\"data_offsets\":[0,%d]}}"
            .formatted(SIDE, SIDE, bytes);
    String padded = header + " ".repeat(Math.floorMod(-header.length(), 8));
    ByteBuffer content =
        ByteBuffer.allocate(8 + padded.length() + bytes).order(ByteOrder.LITTLE_ENDIAN);
    content.putLong(padded.length()).put(padded.getBytes(StandardCharsets.US_ASCII));
    content.putFloat(1.5f).position(0).limit(content.capacity());
    try (FileChannel file =
        FileChannel.open(
            folder.resolve("model.safetensors"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      file.write(content);
    }
    return Checkpoint.openFile(folder.resolve("model.safetensors"));
  }

  private long residentKib() throws IOException {
    boolean ours = false;
    long kib = 0;
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        ours = line.contains(folder.toString());
      } else if (ours && line.startsWith("Rss:")) {
        kib += Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return kib;
  }
}
