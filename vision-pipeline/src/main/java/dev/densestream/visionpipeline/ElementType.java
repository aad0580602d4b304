package dev.densestream.visionpipeline;

/** Floating-point element types a checkpoint may be stored in. */
public enum ElementType {
  FP32(4),
  FP16(2),
  BF16(2);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes per element. */
  public int bytes() {
    return bytes;
  }
}
