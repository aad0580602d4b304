package dev.densestream.framesampler.decode;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/**
 * The packets of a piece in the making, in decoding order; owns them. Kept until the piece ends,
 * because only then is known which container it needs.
 */
final class PiecePackets implements AutoCloseable {
  private final List<AVPacket> packets = new ArrayList<>();
  private final long start;
  private final boolean hidesStart;
  private final boolean keyframeAligned;
  private long bytes;
  private long lastDts = AV_NOPTS_VALUE;

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

  /** Takes the packet over and shifts its times. */
  void add(AVPacket packet) {
    packets.add(packet);
    bytes += packet.size();
    packet.pts(packet.pts() - start);
    long dts = packet.dts() == AV_NOPTS_VALUE ? packet.pts() : packet.dts() - start;
    if (lastDts != AV_NOPTS_VALUE && dts <= lastDts) {
      dts = lastDts + 1; // containers insist; decoders do not look at it
    }
    packet.dts(dts);
    packet.pts(Math.max(packet.pts(), dts));
    lastDts = dts;
  }

  List<AVPacket> packets() {
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

  long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    packets.forEach(packet -> av_packet_free(packet));
    packets.clear();
  }
}
