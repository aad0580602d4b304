package dev.densestream.visionpipeline.checkpoint;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.checkpoint.Pickled.Name;
import dev.densestream.visionpipeline.checkpoint.Pickled.Plain;
import dev.densestream.visionpipeline.checkpoint.Pickled.Sequence;
import dev.densestream.visionpipeline.checkpoint.Pickled.Table;
import dev.densestream.visionpipeline.checkpoint.Pickled.Text;
import dev.densestream.visionpipeline.checkpoint.Pickled.Whole;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads the pickle of a file of tensors without executing it: the opcodes that such files use, on
 * values of our own. Every other opcode, every name outside {@link Name} and everything beyond the
 * limits ends the reading.
 */
final class PickleReader {
  /** Bytes; the pickle of a model with 400 tensors has 50 thousand. */
  static final int LARGEST = 16 << 20;

  private static final int MOST_OPCODES = 2_000_000;
  private static final int MOST_MEMORIES = 500_000;
  private static final int LONGEST_TEXT = 64 << 10;

  private final String file;
  private final ByteBuffer in;
  private final PickleStack stack;
  private final Map<Integer, Pickled> memory = new HashMap<>();
  private final TensorRebuild rebuild;
  private int at;

  private PickleReader(String file, ByteBuffer pickle) {
    this.file = file;
    in = pickle.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    stack = new PickleStack(this::wrong);
    rebuild = new TensorRebuild(this::wrong);
  }

  /**
   * Reads one pickle.
   *
   * @param file its name, for messages
   */
  static Pickled read(String file, ByteBuffer pickle) {
    PickleReader reader = new PickleReader(file, pickle);
    try {
      return reader.run();
    } catch (BufferUnderflowException e) {
      throw new CheckpointException(file + ": its pickle ends in the middle", e);
    }
  }

  private Pickled run() {
    for (int count = 0; count < MOST_OPCODES; count++) {
      at = in.position();
      int opcode = Byte.toUnsignedInt(in.get());
      if (opcode == '.') {
        return stack.pop();
      }
      step(opcode);
    }
    throw wrong("has more than " + MOST_OPCODES + " opcodes");
  }

  private void step(int opcode) {
    switch (opcode) {
      case 0x80 -> in.get(); // protocol
      case 0x95 -> in.getLong(); // frame
      case '(' -> stack.mark();
      case 't' -> stack.push(new Sequence(stack.popToMark()));
      case 0x85 -> stack.push(new Sequence(stack.pop(1)));
      case 0x86 -> stack.push(new Sequence(stack.pop(2)));
      case 0x87 -> stack.push(new Sequence(stack.pop(3)));
      case ')', ']' -> stack.push(Sequence.empty());
      case '}' -> stack.push(Table.empty());
      case 'a' -> stack.append(stack.pop(1));
      case 'e' -> stack.append(stack.popToMark());
      case 's' -> stack.set(stack.pop(2));
      case 'u' -> stack.set(stack.popToMark());
      case 'q', 'r', 0x94, 'h', 'j' -> remember(opcode);
      case 'c' -> stack.push(name(line(), line()));
      case 0x93 -> stack.push(stackedName());
      case 'Q' -> stack.push(rebuild.storage(stack.pop()));
      case 'R' -> reduce();
      case 'b' -> build();
      default -> stack.push(value(opcode));
    }
  }

  private Pickled value(int opcode) {
    return switch (opcode) {
      case 'X' -> text(in.getInt());
      case 0x8c -> text(Byte.toUnsignedInt(in.get()));
      case 'J' -> new Whole(in.getInt());
      case 'K' -> new Whole(Byte.toUnsignedInt(in.get()));
      case 'M' -> new Whole(Short.toUnsignedInt(in.getShort()));
      case 0x8a -> new Whole(longInteger(Byte.toUnsignedInt(in.get())));
      case 'N', 0x88, 0x89 -> Plain.VALUE;
      case 'G' -> {
        in.getDouble();
        yield Plain.VALUE;
      }
      default ->
          throw wrong(
              "uses opcode 0x%02x, which no file of plain tensors needs: it is not read"
                  .formatted(opcode));
    };
  }

  private Text text(int length) {
    if (length < 0 || length > LONGEST_TEXT) {
      throw wrong("has a string of " + Integer.toUnsignedString(length) + " bytes");
    }
    byte[] bytes = new byte[Math.min(length, in.remaining())];
    in.get(bytes);
    if (bytes.length < length) {
      throw new BufferUnderflowException();
    }
    return new Text(new String(bytes, UTF_8));
  }

  private long longInteger(int bytes) {
    if (bytes > Long.BYTES) {
      throw wrong("has an integer of " + bytes + " bytes");
    }
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= Byte.toUnsignedLong(in.get()) << (8 * i);
    }
    int unused = Long.SIZE - 8 * bytes;
    return bytes == 0 ? 0 : value << unused >> unused;
  }

  private String line() {
    int start = in.position();
    while (in.get() != '\n') {
      if (in.position() - start > LONGEST_TEXT) {
        throw wrong("has a name without end");
      }
    }
    byte[] bytes = new byte[in.position() - start - 1];
    in.get(start, bytes);
    return new String(bytes, US_ASCII);
  }

  private Name stackedName() {
    if (stack.pop() instanceof Text name && stack.pop() instanceof Text module) {
      return name(module.value(), name.value());
    }
    throw wrong("names something by what is no string");
  }

  private Name name(String module, String name) {
    return Name.of(module, name)
        .orElseThrow(
            () ->
                wrong(
                    "names "
                        + Shown.text(module + "." + name)
                        + ", which is no part of a tensor: nothing was executed, and the file is"
                        + " not to be trusted"));
  }

  private void remember(int opcode) {
    switch (opcode) {
      case 'q' -> put(Byte.toUnsignedInt(in.get()));
      case 'r' -> put(in.getInt());
      case 0x94 -> put(memory.size());
      case 'h' -> stack.push(recalled(Byte.toUnsignedInt(in.get())));
      default -> stack.push(recalled(in.getInt()));
    }
  }

  private void put(int index) {
    if (memory.size() >= MOST_MEMORIES) {
      throw wrong("remembers more than " + MOST_MEMORIES + " values");
    }
    memory.put(index, stack.top());
  }

  private Pickled recalled(int index) {
    Pickled value = memory.get(index);
    if (value == null) {
      throw wrong("asks for value " + Integer.toUnsignedString(index) + ", which it never made");
    }
    return value;
  }

  private void reduce() {
    Pickled arguments = stack.pop();
    Pickled called = stack.pop();
    if (arguments instanceof Sequence list && called instanceof Name name) {
      stack.push(rebuild.call(name, list.items()));
    } else {
      throw wrong("calls " + called.kind());
    }
  }

  /** A dictionary's attributes, such as the versions of its modules: taken off, not used. */
  private void build() {
    Pickled state = stack.pop();
    if (!(state instanceof Table) || !(stack.top() instanceof Table)) {
      throw wrong("gives attributes to " + stack.top().kind());
    }
  }

  private CheckpointException wrong(String message) {
    return new CheckpointException(file + ": its pickle, at byte " + at + ", " + message);
  }
}
