package dev.densestream.framesampler.decode;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/**
 * The packets of a piece in the making, in decoding order; owns them. Kept until the piece ends,
 * because only then is known which container it needs.
 */
final class PiecePackets implements AutoCloseable {
  /** What a container writes down of a packet, at most. */
  private static final int INDEXED = 40;

  private final List<AVPacket> packets = new ArrayList<>();
  private final long start;
  private final boolean hidesStart;
  private final boolean keyframeAligned;
  private long bytes;

  /**
   * An empty piece.
   *
   * @param start PTS of the first frame shown; 0 in the piece
   * @param hidesStart whether packets with earlier PTS are there to be decoded and not shown
   */
  PiecePackets(long start, boolean hidesStart, boolean keyframeAligned) {
    this.start = start;
    this.hidesStart = hidesStart;
    this.keyframeAligned = keyframeAligned;
  }

  /** Takes the packet over and shifts its PTS. */
  void add(AVPacket packet) {
    packet.pts(packet.pts() - start);
    packets.add(packet);
    bytes += packet.size() + INDEXED;
  }

  /**
   * The packets with decoding times made from their PTS: as close below them as their order lets.
   * Containers want them so, and not every source has them; decoders do not look at them.
   */
  List<AVPacket> stamped() {
    long[] times = packets.stream().mapToLong(AVPacket::pts).sorted().toArray();
    long shift = 0;
    for (int i = 0; i < times.length; i++) {
      times[i] = i == 0 ? times[i] : Math.max(times[i], times[i - 1] + 1);
      shift = Math.max(shift, times[i] - packets.get(i).pts());
    }
    for (int i = 0; i < times.length; i++) {
      packets.get(i).dts(times[i] - shift);
    }
    return packets;
  }

  long start() {
    return start;
  }

  boolean hidesStart() {
    return hidesStart;
  }

  boolean keyframeAligned() {
    return keyframeAligned;
  }

  /** With what the container adds. */
  long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    packets.forEach(packet -> av_packet_free(packet));
    packets.clear();
  }
}
