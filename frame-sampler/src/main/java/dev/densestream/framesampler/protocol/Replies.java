package dev.densestream.framesampler.protocol;

import dev.densestream.framesampler.DropReason;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.framesampler.MediaProbe;
import dev.densestream.framesampler.MediaRefusal;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StreamCorruptedException;
import java.util.EnumMap;
import java.util.Map;

/** Child to parent. */
public final class Replies {
  public static final int VERSION = 1;
  private static final int HELLO = 1;
  private static final int COUNTED = 2;
  private static final int PROGRESS = 3;
  private static final int PICTURE = 4;
  private static final int PIECE = 5;
  private static final int PROBED = 6;
  private static final int FINISHED = 7;
  private static final int REFUSED = 8;

  private Replies() {}

  public static byte[] message(Reply reply) {
    return switch (reply) {
      case Reply.Hello(int version) -> Wire.message(HELLO, out -> out.writeInt(version));
      case Reply.Counted(long frames) -> Wire.message(COUNTED, out -> out.writeLong(frames));
      case Reply.Progress(FrameCounts counts) -> Wire.message(PROGRESS, out -> write(out, counts));
      case Reply.Picture picture -> Wire.message(PICTURE, out -> write(out, picture));
      case Reply.Piece piece -> Wire.message(PIECE, out -> write(out, piece));
      case Reply.Probed(MediaProbe probe) -> Wire.message(PROBED, out -> write(out, probe));
      case Reply.Finished finished -> Wire.message(FINISHED, out -> write(out, finished));
      case Reply.Refused refused -> Wire.message(REFUSED, out -> write(out, refused));
    };
  }

  /**
   * Reads the next reply.
   *
   * @throws StreamCorruptedException when the child says something else
   */
  public static Reply read(InputStream from) throws IOException {
    Wire.Received message = Wire.read(from);
    try {
      return reply(message.type(), message.body());
    } catch (IllegalArgumentException e) {
      throw (IOException) new StreamCorruptedException("impossible values").initCause(e);
    }
  }

  private static Reply reply(int type, DataInputStream in) throws IOException {
    return switch (type) {
      case HELLO -> new Reply.Hello(in.readInt());
      case COUNTED -> new Reply.Counted(in.readLong());
      case PROGRESS -> new Reply.Progress(readCounts(in));
      case PICTURE -> new Reply.Picture(readCounts(in), in.readLong(), in.readInt(), in.readInt());
      case PIECE ->
          new Reply.Piece(
              in.readLong(), in.readLong(), in.readUTF(), in.readBoolean(), in.readInt());
      case PROBED ->
          new Reply.Probed(
              new MediaProbe(
                  in.readUTF(),
                  in.readUTF(),
                  in.readInt(),
                  in.readInt(),
                  in.readLong(),
                  in.readLong()));
      case FINISHED -> new Reply.Finished(readCounts(in), in.readLong(), in.readBoolean());
      case REFUSED ->
          new Reply.Refused(MediaRefusal.Code.valueOf(in.readUTF()), in.readUTF(), readCounts(in));
      default -> throw new StreamCorruptedException("message type " + type);
    };
  }

  private static void write(DataOutputStream out, Reply.Picture picture) throws IOException {
    write(out, picture.counts());
    out.writeLong(picture.ptsMicros());
    out.writeInt(picture.width());
    out.writeInt(picture.height());
  }

  private static void write(DataOutputStream out, Reply.Piece piece) throws IOException {
    out.writeLong(piece.startMicros());
    out.writeLong(piece.endMicros());
    out.writeUTF(piece.contentType());
    out.writeBoolean(piece.keyframeAligned());
    out.writeInt(piece.length());
  }

  private static void write(DataOutputStream out, MediaProbe probe) throws IOException {
    out.writeUTF(probe.container());
    out.writeUTF(probe.codec());
    out.writeInt(probe.width());
    out.writeInt(probe.height());
    out.writeLong(probe.durationMicros());
    out.writeLong(probe.claimedFrames());
  }

  private static void write(DataOutputStream out, Reply.Finished finished) throws IOException {
    write(out, finished.counts());
    out.writeLong(finished.durationMicros());
    out.writeBoolean(finished.damaged());
  }

  private static void write(DataOutputStream out, Reply.Refused refused) throws IOException {
    out.writeUTF(refused.code().name());
    out.writeUTF(refused.detail());
    write(out, refused.counts());
  }

  private static void write(DataOutputStream out, FrameCounts counts) throws IOException {
    out.writeLong(counts.seen());
    out.writeLong(counts.sampled());
    out.writeLong(counts.gated());
    out.writeByte(counts.dropped().size());
    for (Map.Entry<DropReason, Long> drop : counts.dropped().entrySet()) {
      out.writeUTF(drop.getKey().name());
      out.writeLong(drop.getValue());
    }
  }

  private static FrameCounts readCounts(DataInputStream in) throws IOException {
    long seen = in.readLong();
    long sampled = in.readLong();
    long gated = in.readLong();
    Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
    for (int rest = in.readUnsignedByte(); rest > 0; rest--) {
      dropped.put(DropReason.valueOf(in.readUTF()), in.readLong());
    }
    return new FrameCounts(seen, sampled, gated, dropped);
  }
}
