package dev.densestream.benchmarks.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/**
 * Writes GGUF version 3, little-endian: magic, counts, metadata, tensor table, then each tensor at
 * a multiple of 32 bytes. Memory: one block of 1 MiB, whatever the model's size.
 */
final class GgufWriter implements AutoCloseable {
  static final int MAGIC = 0x46554747;
  static final int VERSION = 3;
  static final int ALIGNMENT = 32;

  private static final int BLOCK = 1 << 20;
  private static final int ROOM = 8;

  private final FileChannel channel;
  private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK).order(ByteOrder.LITTLE_ENDIAN);

  GgufWriter(Path file) throws IOException {
    channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
  }

  void write(GgufModel model, long seed) throws IOException {
    put(MAGIC);
    put(VERSION);
    put((long) model.tensors().size());
    put((long) model.metadata().size());
    for (var entry : model.metadata().entrySet()) {
      put(entry.getKey());
      put(entry.getValue());
    }
    long offset = 0;
    for (GgufTensor tensor : model.tensors()) {
      entry(tensor, offset);
      offset = aligned(offset + tensor.bytes());
    }
    var random = new SplittableRandom(seed);
    for (GgufTensor tensor : model.tensors()) {
      align();
      values(tensor, random);
    }
    align();
    flush();
  }

  private void entry(GgufTensor tensor, long offset) throws IOException {
    put(tensor.name());
    put(tensor.shape().size());
    for (int size : tensor.shape()) {
      put((long) size);
    }
    put(tensor.type().code());
    put(offset);
  }

  private void values(GgufTensor tensor, SplittableRandom random) throws IOException {
    long bits = 0;
    for (long i = 0; i < tensor.elements(); i++) {
      if (i % 4 == 0) {
        bits = random.nextLong();
      }
      room();
      tensor.type().put(block, tensor.middle() + tensor.spread() * ((short) bits / 32768f));
      bits >>>= 16;
    }
  }

  private void put(GgufValue value) throws IOException {
    switch (value) {
      case GgufValue.Text(String text) -> {
        put(8);
        put(text);
      }
      case GgufValue.Whole(int number) -> {
        put(4);
        put(number);
      }
      case GgufValue.Real(float number) -> {
        put(6);
        put(number);
      }
      case GgufValue.Truth(boolean truth) -> {
        put(7);
        room();
        block.put((byte) (truth ? 1 : 0));
      }
      case GgufValue.Texts(var texts) -> {
        array(8, texts.size());
        for (String text : texts) {
          put(text);
        }
      }
      case GgufValue.Reals(var numbers) -> {
        array(6, numbers.size());
        for (float number : numbers) {
          put(number);
        }
      }
      case GgufValue.Wholes(var numbers) -> {
        array(5, numbers.size());
        for (int number : numbers) {
          put(number);
        }
      }
    }
  }

  private void array(int elementType, int length) throws IOException {
    put(9);
    put(elementType);
    put((long) length);
  }

  private void put(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    put((long) bytes.length);
    for (byte b : bytes) {
      room();
      block.put(b);
    }
  }

  private void put(int number) throws IOException {
    room();
    block.putInt(number);
  }

  private void put(long number) throws IOException {
    room();
    block.putLong(number);
  }

  private void put(float number) throws IOException {
    room();
    block.putFloat(number);
  }

  private void align() throws IOException {
    long position = channel.position() + block.position();
    for (long i = position; i < aligned(position); i++) {
      room();
      block.put((byte) 0);
    }
  }

  private static long aligned(long position) {
    return (position + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private void room() throws IOException {
    if (block.remaining() < ROOM) {
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
