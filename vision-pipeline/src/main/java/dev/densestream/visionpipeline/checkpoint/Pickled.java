package dev.densestream.visionpipeline.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a pickle of tensors can hold. Values may share parts and even contain themselves, so nothing
 * here is ever compared, hashed or printed as a whole.
 */
sealed interface Pickled {
  /** A word for messages. */
  String kind();

  /** An integer. */
  record Whole(long value) implements Pickled {
    @Override
    public String kind() {
      return "an integer";
    }
  }

  /** A string. */
  record Text(String value) implements Pickled {
    @Override
    public String kind() {
      return "a string";
    }
  }

  /** None, a truth value or a float: no tensor needs to know which. */
  enum Plain implements Pickled {
    VALUE;

    @Override
    public String kind() {
      return "a plain value";
    }
  }

  /** A tuple or a list: only what begins empty may grow. */
  record Sequence(List<Pickled> items) implements Pickled {
    static Sequence empty() {
      return new Sequence(new ArrayList<>());
    }

    boolean grows() {
      return items instanceof ArrayList;
    }

    @Override
    public String kind() {
      return "a sequence";
    }
  }

  /** A dictionary, ordered or not. */
  record Table(Map<String, Pickled> entries) implements Pickled {
    static Table empty() {
      return new Table(new LinkedHashMap<>());
    }

    @Override
    public String kind() {
      return "a dictionary";
    }
  }

  /** Memory that tensors look into: an entry of the zip file. */
  record Storage(StoredType type, String key, long elements) implements Pickled {
    @Override
    public String kind() {
      return "a storage";
    }
  }

  /** A tensor: a view of a storage, in elements. */
  record View(Storage storage, long offset, List<Long> shape, List<Long> strides)
      implements Pickled {
    @Override
    public String kind() {
      return "a tensor";
    }
  }

  /** The closed list of names a pickle may mention. None of them is ever looked up or called. */
  enum Name implements Pickled {
    ORDERED_DICT("collections", "OrderedDict"),
    REBUILD_TENSOR("torch._utils", "_rebuild_tensor_v2"),
    REBUILD_PARAMETER("torch._utils", "_rebuild_parameter"),
    FLOAT("torch", "FloatStorage", StoredType.F32),
    HALF("torch", "HalfStorage", StoredType.F16),
    BFLOAT16("torch", "BFloat16Storage", StoredType.BF16),
    DOUBLE("torch", "DoubleStorage", StoredType.F64),
    LONG("torch", "LongStorage", StoredType.I64),
    INT("torch", "IntStorage", StoredType.I32),
    SHORT("torch", "ShortStorage", StoredType.I16),
    CHAR("torch", "CharStorage", StoredType.I8),
    BYTE("torch", "ByteStorage", StoredType.U8),
    BOOL("torch", "BoolStorage", StoredType.BOOL);

    private final String module;
    private final String name;
    private final Optional<StoredType> storage;

    Name(String module, String name) {
      this.module = module;
      this.name = name;
      storage = Optional.empty();
    }

    Name(String module, String name, StoredType type) {
      this.module = module;
      this.name = name;
      storage = Optional.of(type);
    }

    static Optional<Name> of(String module, String name) {
      for (Name known : values()) {
        if (known.module.equals(module) && known.name.equals(name)) {
          return Optional.of(known);
        }
      }
      return Optional.empty();
    }

    static Name storageOf(StoredType type) {
      for (Name known : values()) {
        if (known.storage.filter(type::equals).isPresent()) {
          return known;
        }
      }
      throw new IllegalArgumentException("no storage of " + type);
    }

    String module() {
      return module;
    }

    String text() {
      return name;
    }

    /** The element type of a storage class. */
    Optional<StoredType> storage() {
      return storage;
    }

    @Override
    public String kind() {
      return module + "." + name;
    }
  }
}
