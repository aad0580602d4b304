package dev.densestream.visionpipeline.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.ElementType;
import dev.densestream.visionpipeline.TensorFile;
import dev.densestream.visionpipeline.TensorValues;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are written, read by those that read published ones. */
class WrittenFileTest {
  private static final TensorValues TABLE =
      new TensorValues("b.table", new long[] {2, 3}, new float[] {1, -2, 3, 4.5f, 0, 1e-8f});
  private static final TensorValues BIAS =
      new TensorValues("a.bias", new long[] {2}, new float[] {0.1f, 3});

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"x.safetensors", "x.bin"})
  void holdsWhatWasWritten_alwaysAsTheSameBytes(String name) throws IOException {
    Path file = folder.resolve(name);
    Path again = folder.resolve("again-" + name);
    TensorFile.write(file, ElementType.FP32, List.of(TABLE, BIAS));
    TensorFile.write(again, ElementType.FP32, List.of(TABLE, BIAS));

    TensorFile read = TensorFile.open(file);
    assertThat(read.keys()).containsExactly("a.bias", "b.table");
    assertThat(read.shape("b.table")).containsExactly(2L, 3L);
    assertThat(read.floats("b.table")).isEqualTo(TABLE.values());
    assertThat(read.floats("a.bias")).isEqualTo(BIAS.values());
    assertThat(Files.mismatch(file, again)).isEqualTo(-1);
  }

  /** 1.0039062 and 1.0117188 lie in the middle of two neighbours. */
  @ParameterizedTest
  @ValueSource(strings = {"x.safetensors", "x.bin"})
  void roundsHalvesToEven_andKeepsWholeNumbersBefore(String name) throws IOException {
    Path file = folder.resolve(name);
    float[] values = {1, 1.0039062f, 1.0117188f, -1.01f};
    TensorValues tensor = new TensorValues("a", new long[] {4}, values);

    TensorFile.write(file, ElementType.BF16, Map.of("step", 1L << 40), List.of(tensor));

    WeightFile read = WeightFile.open(file);
    assertThat(read.stored("a").type()).isEqualTo(StoredType.BF16);
    assertThat(read.floats("a")).containsExactly(1, 1, 1.015625f, -1.0078125f);
    assertThat(read.longs("step")).containsExactly(1L << 40);
    assertThat(read.inOrder().map(StoredTensor::key)).containsExactly("step", "a");
  }

  /** Some of it larger than before. The control is what was there. */
  @ParameterizedTest
  @ValueSource(strings = {"x.safetensors", "x.bin"})
  void replacesSomeTensors_andLeavesTheOthers(String name) throws IOException {
    Path file = folder.resolve(name);
    TensorFile.write(file, ElementType.FP32, List.of(TABLE, BIAS));
    float[] values = {9, 8, 7};
    TensorValues other = new TensorValues("a.bias", new long[] {3}, values);
    Path copy = folder.resolve("copy-" + name);

    TensorFile.rewrite(file, copy, List.of(other));

    assertThat(TensorFile.open(copy).floats("a.bias")).isEqualTo(values);
    assertThat(TensorFile.open(copy).shape("a.bias")).containsExactly(3L);
    assertThat(TensorFile.open(copy).floats("b.table")).isEqualTo(TABLE.values());
    assertThat(TensorFile.open(file).floats("a.bias")).as("control").isEqualTo(BIAS.values());
    assertThat(folderNames()).containsExactlyInAnyOrder(name, "copy-" + name);
  }

  private List<String> folderNames() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }

  /** Of a shard as PyTorch wrote it, with views and integers. */
  @Test
  void keepsEachTensorsType_andWhatIsNoWeight() throws IOException {
    PickleText pickle = new PickleText().raw("}(");
    pickle.text("half").tensor("HalfStorage", "0", 2, 0, new long[] {2}, new long[] {1});
    pickle.text("brain").tensor("BFloat16Storage", "1", 2, 0, new long[] {2}, new long[] {1});
    pickle.text("turned").tensor("FloatStorage", "2", 4, 0, new long[] {2, 2}, new long[] {1, 2});
    pickle.text("count").tensor("LongStorage", "3", 1, 0, new long[] {1}, new long[] {1});
    Path shard = folder.resolve("shard.bin");
    Files.write(
        shard,
        TorchZip.of(pickle.raw("u."))
            .shorts("0", 0, 0)
            .shorts("1", 0, 0)
            .floats("2", 1, 2, 3, 4)
            .entry("archive/data/3", new byte[] {7, 0, 0, 0, 0, 0, 0, 0})
            .bytes());
    float[] values = {1.0001f, -2};
    Path copy = folder.resolve("copy.bin");

    TensorFile.rewrite(
        shard,
        copy,
        List.of(
            new TensorValues("half", new long[] {2}, values),
            new TensorValues("brain", new long[] {2}, values)));

    WeightFile read = WeightFile.open(copy);
    assertThat(read.stored("half").type()).isEqualTo(StoredType.F16);
    assertThat(read.stored("brain").type()).isEqualTo(StoredType.BF16);
    assertThat(read.floats("half")).containsExactly(1, -2);
    assertThat(read.floats("brain")).containsExactly(1, -2);
    assertThat(read.floats("turned")).containsExactly(1, 3, 2, 4);
    assertThat(read.longs("count")).containsExactly(7);
  }

  /** Java's own reader compares checksums; PyTorch asks for a version and maps what is aligned. */
  @Test
  void isAZipAsPyTorchReadsIt() throws IOException {
    Path file = folder.resolve("x.bin");
    TensorFile.write(file, ElementType.FP32, List.of(TABLE, BIAS));

    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertThat(zip.stream().map(ZipEntry::getName))
          .containsExactly(
              "archive/data.pkl",
              "archive/byteorder",
              "archive/data/0",
              "archive/data/1",
              "archive/version");
      for (ZipEntry entry : zip.stream().toList()) {
        try (InputStream in = zip.getInputStream(entry)) {
          assertThat(in.readAllBytes()).hasSize((int) entry.getSize());
        }
      }
    }
    WeightFile read = WeightFile.open(file);
    assertThat(read.inOrder()).allMatch(stored -> stored.begin() % 64 == 0);
  }

  @Test
  void refusesToReplaceWhatIsNotThere_andWritesNothing() throws IOException {
    Path file = folder.resolve("x.safetensors");
    TensorFile.write(file, ElementType.FP32, List.of(TABLE));

    assertThatThrownBy(() -> TensorFile.rewrite(file, folder.resolve("y"), List.of(BIAS)))
        .isInstanceOf(CheckpointException.class)
        .hasMessage("x.safetensors has no tensor a.bias");
    assertThat(folder.resolve("y")).doesNotExist();
  }
}
