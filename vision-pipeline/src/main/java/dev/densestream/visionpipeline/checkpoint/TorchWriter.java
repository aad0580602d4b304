package dev.densestream.visionpipeline.checkpoint;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.time.LocalDateTime;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes PyTorch's format: a zip file with a pickle and one entry per tensor, stored as they are.
 * The same tensors make the same bytes.
 */
final class TorchWriter {
  private static final String FOLDER = "archive/";

  /** Elements begin at a multiple of this, as PyTorch has it, so that they can be mapped. */
  private static final int ALIGNMENT = 64;

  private static final int LOCAL_BYTES = 30;
  private static final int EXTRA_BYTES = 4;

  /** Any, but always the same. */
  private static final LocalDateTime TIME = LocalDateTime.of(2000, 1, 1, 0, 0);

  private final Counted counted;
  private final ZipOutputStream zip;

  private TorchWriter(OutputStream out) {
    counted = new Counted(out);
    zip = new ZipOutputStream(counted, US_ASCII);
  }

  static void write(OutputStream out, List<TensorContent> tensors) throws IOException {
    TorchWriter writer = new TorchWriter(out);
    writer.entry("data.pkl", PickleWriter.of(tensors));
    writer.entry("byteorder", "little".getBytes(US_ASCII));
    for (int i = 0; i < tensors.size(); i++) {
      writer.entry("data/" + i, tensors.get(i));
    }
    writer.entry("version", "3\n".getBytes(US_ASCII));
    writer.zip.finish();
  }

  private void entry(String name, byte[] content) throws IOException {
    MemorySegment bytes = MemorySegment.ofArray(content);
    entry(name, new TensorContent(name, StoredType.U8, List.of((long) content.length), bytes));
  }

  private void entry(String name, TensorContent content) throws IOException {
    ZipEntry entry = new ZipEntry(FOLDER + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setTimeLocal(TIME);
    entry.setSize(content.bytes());
    entry.setCrc(checksum(content));
    entry.setExtra(padding(LOCAL_BYTES + entry.getName().length() + EXTRA_BYTES));
    zip.putNextEntry(entry);
    content.writeTo(zip);
    zip.closeEntry();
  }

  /** It stands in front of the bytes, so they are read twice. */
  private static long checksum(TensorContent content) throws IOException {
    CRC32 sum = new CRC32();
    content.forEachBlock((block, length) -> sum.update(block, 0, length));
    return sum.getValue();
  }

  /** An extra field that no reader knows, under the name PyTorch gives it. */
  private byte[] padding(int before) {
    int length = (int) Math.floorMod(-(counted.count + before), (long) ALIGNMENT);
    byte[] extra = new byte[EXTRA_BYTES + length];
    extra[0] = 'F';
    extra[1] = 'B';
    extra[2] = (byte) length;
    return extra;
  }

  /** Knows how many bytes went through. */
  private static final class Counted extends FilterOutputStream {
    private long count;

    Counted(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      count++;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
      count += length;
    }
  }
}
