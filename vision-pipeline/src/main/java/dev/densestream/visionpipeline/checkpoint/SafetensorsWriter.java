package dev.densestream.visionpipeline.checkpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes the safetensors format. */
final class SafetensorsWriter {
  private SafetensorsWriter() {}

  static void write(OutputStream out, List<TensorContent> tensors) throws IOException {
    byte[] header = header(tensors);
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.write(length.putLong(header.length).array());
    out.write(header);
    for (TensorContent tensor : tensors) {
      tensor.writeTo(out);
    }
  }

  private static byte[] header(List<TensorContent> tensors) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.putObject("__metadata__").put("format", "pt"); // the original's loader asks for it
    long at = 0;
    for (TensorContent tensor : tensors) {
      ObjectNode entry = json.putObject(tensor.key()).put("dtype", tensor.type().name());
      tensor.shape().forEach(entry.putArray("shape")::add);
      entry.putArray("data_offsets").add(at).add(at + tensor.bytes());
      at += tensor.bytes();
    }
    byte[] text = JsonMapper.shared().writeValueAsBytes(json);
    byte[] padded = Arrays.copyOf(text, text.length + Math.floorMod(-text.length, 8));
    Arrays.fill(padded, text.length, padded.length, (byte) ' '); // elements are aligned
    return padded;
  }
}
