package dev.densestream.visionpipeline.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.densestream.visionpipeline.CheckpointException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The directory of a zip file whose entries are stored as they are, so that they can be used where
 * they lie: nothing is inflated. Entries that are compressed, encrypted, named twice, or that
 * overlap are refused.
 *
 * <p>Checksums are not compared: that would read a whole model before its first use.
 */
final class ZipDirectory {
  private static final int END = 0x06054b50;
  private static final int END_64 = 0x06064b50;
  private static final int END_64_PLACE = 0x07064b50;
  private static final int ENTRY = 0x02014b50;
  private static final int LOCAL = 0x04034b50;

  private static final int END_BYTES = 22;
  private static final int END_64_BYTES = 56;
  private static final int PLACE_BYTES = 20;
  private static final int ENTRY_BYTES = 46;
  private static final int LOCAL_BYTES = 30;

  private static final int ENCRYPTED = 1;
  private static final int ZIP_64_EXTRA = 1;
  private static final long SATURATED = 0xFFFF_FFFFL;

  private static final long LARGEST_DIRECTORY = 32L << 20;

  private final ZipBytes zip;
  private final Map<String, Place> places = new LinkedHashMap<>();
  private final List<Place> spans = new ArrayList<>();
  private long directoryBegin;
  private long directoryEnd;

  /**
   * Bytes of one entry.
   *
   * @param begin first byte, counted from the start of the file
   * @param end byte after the last
   */
  record Place(long begin, long end) {
    long size() {
      return end - begin;
    }
  }

  private ZipDirectory(String file, MemorySegment bytes) {
    zip = new ZipBytes(file, bytes);
  }

  /**
   * Reads it.
   *
   * @param file its name, for messages
   * @return places of the entries by name, in the order of the directory
   */
  static Map<String, Place> read(String file, MemorySegment zip) {
    ZipDirectory directory = new ZipDirectory(file, zip);
    directory.find();
    directory.readEntries();
    directory.requireNoOverlap();
    return Collections.unmodifiableMap(directory.places);
  }

  /** A zip file is read from its end. No writer of tensors puts a comment there. */
  private void find() {
    long end = zip.size() - END_BYTES;
    if (end < 0 || zip.u32(end) != END) {
      throw zip.wrong("does not end as a zip file does: is the download complete?");
    }
    long place = end - PLACE_BYTES;
    if (place >= 0 && zip.u32(place) == END_64_PLACE) {
      long end64 = zip.i64(place + 8);
      zip.require(end64 >= 0 && end64 <= place - END_64_BYTES, "has a zip64 end that lies outside");
      zip.require(zip.u32(end64) == END_64, "has no zip64 end where it says");
      range(zip.i64(end64 + 48), zip.i64(end64 + 40), end64);
    } else {
      range(zip.u32(end + 16), zip.u32(end + 12), end);
    }
  }

  private void range(long begin, long size, long limit) {
    zip.require(
        begin >= 0 && size >= 0 && begin <= limit && size == limit - begin,
        "has a zip directory that does not lie before its end");
    zip.require(
        size <= LARGEST_DIRECTORY,
        "has a zip directory of " + size + " bytes, more than " + LARGEST_DIRECTORY);
    directoryBegin = begin;
    directoryEnd = limit;
  }

  private void readEntries() {
    long at = directoryBegin;
    while (at < directoryEnd) {
      zip.require(
          at + ENTRY_BYTES <= directoryEnd && zip.u32(at) == ENTRY,
          "has a damaged zip directory at byte " + at);
      int nameBytes = zip.u16(at + 28);
      int extraBytes = zip.u16(at + 30);
      long next = at + ENTRY_BYTES + nameBytes + extraBytes + zip.u16(at + 32);
      zip.require(next <= directoryEnd, "has a damaged zip directory at byte " + at);
      entry(at, zip.text(at + ENTRY_BYTES, nameBytes), at + ENTRY_BYTES + nameBytes, extraBytes);
      at = next;
    }
  }

  private void entry(long at, String name, long extra, int extraBytes) {
    zip.require((zip.u16(at + 8) & ENCRYPTED) == 0, name, "is encrypted");
    zip.require(zip.u16(at + 10) == 0, name, "is compressed: tensors are stored as they are");
    long[] sizes = {zip.u32(at + 24), zip.u32(at + 20), zip.u32(at + 42)};
    saturated(sizes, name, extra, extra + extraBytes);
    long size = sizes[0];
    long local = sizes[2];
    zip.require(size >= 0 && size == sizes[1], name, "has two different sizes");
    zip.require(
        local >= 0 && local <= directoryBegin - LOCAL_BYTES && zip.u32(local) == LOCAL,
        name,
        "does not lie where the zip directory says");
    int nameBytes = zip.u16(local + 26);
    long begin = local + LOCAL_BYTES + nameBytes + zip.u16(local + 28);
    zip.require(begin <= directoryBegin && size <= directoryBegin - begin, name, "ends too late");
    zip.require(
        zip.text(local + LOCAL_BYTES, nameBytes).equals(name), name, "has two different names");
    zip.require(places.put(name, new Place(begin, begin + size)) == null, name, "is there twice");
    spans.add(new Place(local, begin + size));
  }

  /** Sizes that do not fit 32 bits stand in an extra field, in this order. */
  private void saturated(long[] sizes, String name, long extra, long extraEnd) {
    long at = extra;
    while (at + 4 <= extraEnd) {
      long end = at + 4 + zip.u16(at + 2);
      zip.require(end <= extraEnd, name, "has a damaged extra field");
      if (zip.u16(at) == ZIP_64_EXTRA) {
        long value = at + 4;
        for (int i = 0; i < sizes.length; i++) {
          if (sizes[i] == SATURATED) {
            zip.require(value + Long.BYTES <= end, name, "has a damaged zip64 field");
            sizes[i] = zip.i64(value);
            value += Long.BYTES;
          }
        }
      }
      at = end;
    }
  }

  private void requireNoOverlap() {
    spans.sort(Comparator.comparingLong(Place::begin));
    long free = 0;
    for (Place span : spans) {
      zip.require(span.begin() >= free, "has zip entries that overlap at byte " + span.begin());
      free = span.end();
    }
  }

  /** Little-endian numbers of a mapped file. */
  private record ZipBytes(String file, MemorySegment bytes) {
    private static final ValueLayout.OfShort U16 =
        ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 =
        ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I64 =
        ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    long size() {
      return bytes.byteSize();
    }

    int u16(long at) {
      return Short.toUnsignedInt(bytes.get(U16, at));
    }

    long u32(long at) {
      return Integer.toUnsignedLong(bytes.get(U32, at));
    }

    long i64(long at) {
      return bytes.get(I64, at);
    }

    String text(long at, int length) {
      require(at + length <= size(), "ends inside a name");
      return new String(bytes.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE), UTF_8);
    }

    void require(boolean holds, String message) {
      if (!holds) {
        throw wrong(message);
      }
    }

    void require(boolean holds, String entry, String message) {
      if (!holds) {
        throw wrong("entry " + Shown.text(entry) + " " + message);
      }
    }

    CheckpointException wrong(String message) {
      return new CheckpointException(file + ": " + message);
    }
  }
}
