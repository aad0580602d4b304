package dev.densestream.benchmarks.gguf;

import java.nio.ByteBuffer;

/** An element type of a tensor; the numbers are the format's. */
public enum GgufType {
  F32(0, 4, 0),
  F16(1, 2, 1),
  BF16(30, 2, 32);

  private final int code;
  private final int bytes;
  private final int fileCode;

  GgufType(int code, int bytes, int fileCode) {
    this.code = code;
    this.bytes = bytes;
    this.fileCode = fileCode;
  }

  /** In a tensor's entry. */
  int code() {
    return code;
  }

  int bytes() {
    return bytes;
  }

  /** In {@code general.file_type}: "mostly this type". */
  int fileCode() {
    return fileCode;
  }

  /** Appends a value, rounded to nearest. */
  void put(ByteBuffer out, float value) {
    switch (this) {
      case F32 -> out.putFloat(value);
      case F16 -> out.putShort(Float.floatToFloat16(value));
      case BF16 -> out.putShort(brain(value));
    }
  }

  private static short brain(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
  }
}
