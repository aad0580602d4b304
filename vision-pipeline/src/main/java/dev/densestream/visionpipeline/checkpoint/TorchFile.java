package dev.densestream.visionpipeline.checkpoint;

import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.checkpoint.Pickled.Storage;
import dev.densestream.visionpipeline.checkpoint.Pickled.Table;
import dev.densestream.visionpipeline.checkpoint.Pickled.View;
import dev.densestream.visionpipeline.checkpoint.ZipDirectory.Place;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * PyTorch's format since 1.6: a zip file with a pickle, {@code data.pkl}, and one entry per
 * storage. The pickle is read, never executed; elements are used where they lie in the mapping.
 * Tensors may share a storage, and be views of it.
 */
final class TorchFile {
  private static final String PICKLE = "/data.pkl";

  private final String name;
  private final MemorySegment file;
  private final Map<String, Place> entries;
  private final String folder;

  private TorchFile(String name, MemorySegment file, Map<String, Place> entries, String folder) {
    this.name = name;
    this.file = file;
    this.entries = entries;
    this.folder = folder;
  }

  /**
   * Checks everything but the elements.
   *
   * @param name for messages
   */
  static WeightFile read(String name, MemorySegment file) {
    requireZip(name, file);
    Map<String, Place> entries = ZipDirectory.read(name, file);
    return new TorchFile(name, file, entries, folder(name, entries)).read();
  }

  private static void requireZip(String name, MemorySegment file) {
    boolean oldPickle = file.byteSize() > 2 && byteAt(file, 0) == 0x80 && byteAt(file, 2) == 0x8a;
    if (oldPickle) {
      throw new CheckpointException(
          name
              + " is in the format PyTorch wrote before 1.6, which is not read:"
              + " load and save it once with a newer PyTorch, or as safetensors");
    }
    if (file.byteSize() < 4 || byteAt(file, 0) != 'P' || byteAt(file, 1) != 'K') {
      throw new CheckpointException(
          name + " does not begin as a PyTorch file does: it must be a zip file with data.pkl");
    }
  }

  private static int byteAt(MemorySegment file, long at) {
    return Byte.toUnsignedInt(file.get(ValueLayout.JAVA_BYTE, at));
  }

  /** All entries lie in one folder, named after the file it was saved to. */
  private static String folder(String name, Map<String, Place> entries) {
    for (String entry : entries.keySet()) {
      if (entry.endsWith(PICKLE) && entry.indexOf('/') == entry.length() - PICKLE.length()) {
        String folder = entry.substring(0, entry.indexOf('/') + 1);
        if (entries.containsKey(folder + "constants.pkl")) {
          throw new CheckpointException(
              name + " is a TorchScript program, which holds code: it is not read");
        }
        return folder;
      }
    }
    throw new CheckpointException(name + " has no entry data.pkl: it was not saved by torch.save");
  }

  private WeightFile read() {
    requireLittleEndian();
    Place pickle = requireEntry("data.pkl");
    if (pickle.size() > PickleReader.LARGEST) {
      throw wrong("data.pkl has " + pickle.size() + " bytes, more than " + PickleReader.LARGEST);
    }
    MemorySegment bytes = file.asSlice(pickle.begin(), pickle.size());
    if (!(PickleReader.read(name, bytes.asByteBuffer()) instanceof Table top)) {
      throw wrong("data.pkl must hold a dictionary of tensors");
    }
    SortedMap<String, StoredTensor> tensors = new TreeMap<>();
    top.entries()
        .forEach(
            (key, value) -> {
              if (value instanceof View view) {
                tensors.put(key, stored(key, view));
              }
            });
    if (tensors.isEmpty()) {
      throw wrong("data.pkl must hold a dictionary of tensors by name, and holds none");
    }
    return new WeightFile(name, file, tensors);
  }

  private void requireLittleEndian() {
    Place order = entries.get(folder + "byteorder");
    if (order != null && order.size() <= 16) {
      byte[] text = file.asSlice(order.begin(), order.size()).toArray(ValueLayout.JAVA_BYTE);
      if (!new String(text, StandardCharsets.US_ASCII).equals("little")) {
        throw wrong("byteorder must be little");
      }
    }
  }

  private StoredTensor stored(String key, View view) {
    Storage storage = view.storage();
    Place place = requireEntry("data/" + storage.key());
    int size = storage.type().bytes();
    if (place.size() / size != storage.elements() || place.size() % size != 0) {
      throw wrong(
          "entry data/"
              + Shown.text(storage.key())
              + " must hold "
              + storage.elements()
              + " elements of "
              + storage.type()
              + ": has "
              + place.size()
              + " bytes");
    }
    long begin = place.begin() + view.offset() * size;
    long end = begin + extent(view) * size;
    return new StoredTensor(key, storage.type(), view.shape(), view.strides(), begin, end);
  }

  /** Elements from the first to the last one, both included. */
  private static long extent(View view) {
    long extent = 1;
    for (int axis = 0; axis < view.shape().size(); axis++) {
      long size = view.shape().get(axis);
      if (size == 0) {
        return 0;
      }
      extent += (size - 1) * view.strides().get(axis);
    }
    return extent;
  }

  private Place requireEntry(String path) {
    Place place = entries.get(folder + path);
    if (place == null) {
      throw wrong("has no entry " + Shown.text(path));
    }
    return place;
  }

  private CheckpointException wrong(String message) {
    return new CheckpointException(name + ": " + message);
  }
}
