package dev.densestream.visionpipeline.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.visionpipeline.CheckpointException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {
  @TempDir Path folder;

  @Test
  void readsAllStoredFloatTypes() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    data.putFloat(1.5f).putFloat(-2);
    data.putShort(Float.floatToFloat16(0.25f)).putShort(Float.floatToFloat16(-8));
    data.putShort((short) 0x3fc0).putShort((short) 0xc000);
    WeightFile file =
        WeightFile.open(
            write(
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                    + "\"__metadata__\":{\"format\":\"pt\"},"
                    + "\"b\":{\"dtype\":\"F16\",\"shape\":[1,2],\"data_offsets\":[8,12]},"
                    + "\"c\":{\"dtype\":\"BF16\",\"shape\":[2,1],\"data_offsets\":[12,16]}}",
                data.array()));
    assertThat(file.keys()).containsExactly("a", "b", "c");
    assertThat(file.shape("b")).containsExactly(1L, 2L);
    assertThat(file.floats("a")).containsExactly(1.5f, -2);
    assertThat(file.floats("b")).containsExactly(0.25f, -8);
    assertThat(file.floats("c")).containsExactly(1.5f, -2);
    assertThatThrownBy(() -> file.longs("a")).hasMessageContaining("tensor a must be I64: was F32");
    assertThatThrownBy(() -> file.floats("d")).hasMessageContaining("no tensor d");
  }

  /** A file of one F32 tensor of two elements, whose header is spoiled in one way each. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,16]}} | ends beyond the file",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}} | ends before it begins",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}} | has shape [3] but 8 bytes",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | leaves a gap",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | 4 bytes that belong to no tensor",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},"
            + "'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | overlaps",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},"
            + "'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | not valid JSON",
        "{'a':{'dtype':'Q7','shape':[2],'data_offsets':[0,8]}} | dtype Q7",
        "{'a':{'dtype':3,'shape':[2],'data_offsets':[0,8]}} | dtype 3",
        "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}} | must not be negative",
        "{'a':{'dtype':'F32','shape':[2.5],'data_offsets':[0,8]}} | whole numbers",
        "{'a':{'dtype':'F32','shape':[99999999999999999999],'data_offsets':[0,8]}} | out of range",
        "{'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,8]}} | has shape",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4,8]}} | at most 2",
        "{'a':{'dtype':'F32','shape':[2]}} | must have dtype",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'x':1}} | unknown field x",
        "{'a':7} | must be an object",
        "[] | must be a JSON object",
        "{'a':{'dtype':'F32', | not valid JSON",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} {} | must end after",
      })
  void refusesHeadersThatDoNotHoldTogether(String header, String complaint) throws IOException {
    Path file = write(header.replace('\'', '"'), new byte[8]);
    assertThatThrownBy(() -> WeightFile.open(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("x.safetensors")
        .hasMessageContaining(complaint);
  }

  @Test
  void acceptsTheUnspoiledHeader_theControl() throws IOException {
    Path file =
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", new byte[8]);
    assertThat(WeightFile.open(file).floats("a")).containsExactly(0, 0);
  }

  @ParameterizedTest
  @CsvSource({"-1", "9223372036854775807", "100000001", "1000", "0"})
  void refusesHeaderLengthsBeforeAllocating(long length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
    Path file = Files.write(folder.resolve("x.safetensors"), bytes.array());
    assertThatThrownBy(() -> WeightFile.open(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("header must have 2 to 32 bytes");
  }

  /** Three gigabytes, but a hole: nothing is written, nothing is read. */
  @Test
  void cutsLargeTensorsBetweenRows() throws IOException {
    long row = 300_000_000;
    Path path =
        write(
            "{\"a\":{\"dtype\":\"BF16\",\"shape\":[5,300000000],\"data_offsets\":[0,3000000000]}}",
            new byte[0]);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(file.length() + 5 * row * 2);
    }
    WeightFile file = WeightFile.open(path);
    assertThat(file.rows(file.stored("a")))
        .extracting(ByteBuffer::remaining)
        .containsExactly((int) (3 * row * 2), (int) (2 * row * 2));
  }

  @Test
  void refusesAFileWithoutHeader() throws IOException {
    Path file = Files.write(folder.resolve("x.safetensors"), new byte[5]);
    assertThatThrownBy(() -> WeightFile.open(file)).hasMessageContaining("too short");
  }

  private Path write(String header, byte[] data) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(text.length).put(text).put(data);
    return Files.write(folder.resolve("x.safetensors"), bytes.array());
  }
}
