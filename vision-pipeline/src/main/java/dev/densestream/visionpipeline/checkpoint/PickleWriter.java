package dev.densestream.visionpipeline.checkpoint;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.densestream.visionpipeline.checkpoint.Pickled.Name;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The pickle of a dictionary of tensors, each with a storage of its own whose key is its number:
 * protocol 2, as PyTorch writes it, without its memory of what was said before.
 */
final class PickleWriter {
  private static final int PROTOCOL = 0x80;
  private static final int LONG = 0x8a;
  private static final int FALSE = 0x89;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private PickleWriter() {}

  static byte[] of(List<TensorContent> tensors) {
    PickleWriter pickle = new PickleWriter();
    pickle.codes(PROTOCOL, 2, '}', '(');
    for (int i = 0; i < tensors.size(); i++) {
      pickle.text(tensors.get(i).key());
      pickle.tensor(tensors.get(i), i);
    }
    pickle.codes('u', '.');
    return pickle.out.toByteArray();
  }

  /** A call of what makes a tensor from a storage, an offset, a shape and strides. */
  private void tensor(TensorContent tensor, int storage) {
    name(Name.REBUILD_TENSOR);
    codes('(', '(');
    text("storage");
    name(Name.storageOf(tensor.type()));
    text(String.valueOf(storage));
    text("cpu");
    whole(tensor.bytes() / tensor.type().bytes());
    codes('t', 'Q');
    whole(0);
    wholes(tensor.shape());
    wholes(StoredTensor.denseStrides(tensor.shape()));
    codes(FALSE); // needs no gradient
    name(Name.ORDERED_DICT);
    codes(')', 'R', 't', 'R');
  }

  private void codes(int... codes) {
    for (int code : codes) {
      out.write(code);
    }
  }

  private void name(Name name) {
    codes('c');
    out.writeBytes((name.module() + "\n" + name.text() + "\n").getBytes(US_ASCII));
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    codes('X');
    out.writeBytes(numbers(Integer.BYTES).putInt(bytes.length).array());
    out.writeBytes(bytes);
  }

  private void wholes(List<Long> values) {
    codes('(');
    values.forEach(this::whole);
    codes('t');
  }

  private void whole(long value) {
    codes(LONG, Long.BYTES);
    out.writeBytes(numbers(Long.BYTES).putLong(value).array());
  }

  private static ByteBuffer numbers(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
