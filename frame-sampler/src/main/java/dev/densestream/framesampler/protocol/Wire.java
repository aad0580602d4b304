package dev.densestream.framesampler.protocol;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StreamCorruptedException;
import java.io.UncheckedIOException;

/** Frames messages: magic, type, length, body. */
final class Wire {
  private static final int MAGIC = 0x44534d31; // "DSM1"
  private static final int LONGEST_BODY = 1 << 16;

  private Wire() {}

  /** One message, to be written at once. */
  static byte[] message(int type, Body body) {
    try {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      body.write(new DataOutputStream(content));
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(whole);
      out.writeInt(MAGIC);
      out.writeByte(type);
      out.writeInt(content.size());
      content.writeTo(out);
      return whole.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("an array cannot fail", e);
    }
  }

  /**
   * @throws java.io.EOFException when the other side is gone
   * @throws StreamCorruptedException when this is no message
   */
  static Received read(InputStream from) throws IOException {
    DataInputStream in = new DataInputStream(from);
    if (in.readInt() != MAGIC) {
      throw new StreamCorruptedException("not a message");
    }
    int type = in.readUnsignedByte();
    int length = in.readInt();
    if (length < 0 || length > LONGEST_BODY) {
      throw new StreamCorruptedException("message of " + length + " bytes");
    }
    byte[] body = new byte[length];
    in.readFully(body);
    return new Received(type, new DataInputStream(new ByteArrayInputStream(body)));
  }

  record Received(int type, DataInputStream body) {}

  interface Body {
    void write(DataOutputStream out) throws IOException;
  }
}
