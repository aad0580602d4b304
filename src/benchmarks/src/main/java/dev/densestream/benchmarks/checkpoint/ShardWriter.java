package dev.densestream.benchmarks.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** Writes one safetensors file. Memory: one block of 1 MiB, whatever the file's size. */
final class ShardWriter implements AutoCloseable {
  /** Of four bfloat16: signs and mantissas stay random, exponents are all the same. */
  private static final long RANDOM_BITS = 0x807F_807F_807F_807FL;

  private static final long EACH = 0x0001_0001_0001_0001L;
  private static final int EXPONENT_OF_ONE = 127;
  private static final int MANTISSA_BITS = 7;

  private final FileChannel channel;
  private final ByteBuffer block =
      ByteBuffer.allocateDirect(1 << 20).order(ByteOrder.LITTLE_ENDIAN);

  ShardWriter(Path file) throws IOException {
    channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
  }

  void write(List<RandomTensor> tensors, SplittableRandom random) throws IOException {
    byte[] header = header(tensors).getBytes(UTF_8);
    block.putLong(header.length).put(header);
    for (RandomTensor tensor : tensors) {
      values(tensor, random);
    }
    flush();
  }

  private static String header(List<RandomTensor> tensors) {
    long[] at = {0};
    String entries =
        tensors.stream()
            .map(
                tensor -> {
                  long begin = at[0];
                  at[0] += tensor.bytes();
                  return "\"%s\": {\"dtype\": \"BF16\", \"shape\": %s, \"data_offsets\": [%d, %d]}"
                      .formatted(tensor.name(), tensor.shape(), begin, at[0]);
                })
            .collect(Collectors.joining(", ", "{\"__metadata__\": {\"format\": \"pt\"}, ", "}"));
    return entries + " ".repeat(Math.floorMod(-entries.length(), 8)); // elements are aligned
  }

  private void values(RandomTensor tensor, SplittableRandom random) throws IOException {
    long fixed = fixed(tensor);
    long mask = tensor.content() == RandomTensor.Content.MATRIX ? RANDOM_BITS : 0;
    long left = tensor.elements();
    for (; left >= 4; left -= 4) {
      room(Long.BYTES);
      block.putLong((random.nextLong() & mask) | fixed);
    }
    for (; left > 0; left--) {
      room(Short.BYTES);
      block.putShort((short) ((random.nextLong() & mask) | fixed));
    }
  }

  /**
   * The bits that all elements have: magnitudes of a matrix lie between a power of 2 and twice it.
   */
  private static long fixed(RandomTensor tensor) {
    return switch (tensor.content()) {
      case ZEROS -> 0;
      case ONES -> (EACH * EXPONENT_OF_ONE) << MANTISSA_BITS;
      case MATRIX -> {
        int power = Math.getExponent(1 / (1.5 * Math.sqrt((double) tensor.fanIn())));
        yield (EACH * (EXPONENT_OF_ONE + power)) << MANTISSA_BITS;
      }
    };
  }

  private void room(int bytes) throws IOException {
    if (block.remaining() < bytes) {
      flush();
    }
  }

  private void flush() throws IOException {
    block.flip();
    while (block.hasRemaining()) {
      channel.write(block);
    }
    block.clear();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
