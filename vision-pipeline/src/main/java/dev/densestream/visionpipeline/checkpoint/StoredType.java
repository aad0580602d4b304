package dev.densestream.visionpipeline.checkpoint;

import dev.densestream.visionpipeline.ElementType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Element types by the names safetensors gives them. */
enum StoredType {
  F64(8, null),
  F32(4, ElementType.FP32),
  F16(2, ElementType.FP16),
  BF16(2, ElementType.BF16),
  I64(8, null),
  I32(4, null),
  I16(2, null),
  I8(1, null),
  U8(1, null),
  BOOL(1, null);

  private final int bytes;
  private final @Nullable ElementType weight;

  StoredType(int bytes, @Nullable ElementType weight) {
    this.bytes = bytes;
    this.weight = weight;
  }

  int bytes() {
    return bytes;
  }

  /** Empty if weights are not stored as this. */
  Optional<ElementType> weight() {
    return Optional.ofNullable(weight);
  }

  static StoredType of(ElementType weight) {
    return switch (weight) {
      case FP32 -> F32;
      case FP16 -> F16;
      case BF16 -> BF16;
    };
  }

  static Optional<StoredType> named(String name) {
    for (StoredType type : values()) {
      if (type.name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
