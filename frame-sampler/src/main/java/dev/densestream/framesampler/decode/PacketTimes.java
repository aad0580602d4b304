package dev.densestream.framesampler.decode;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;
import static org.bytedeco.ffmpeg.global.avutil.av_rescale_q;

import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVRational;

/**
 * Makes the times of an MPEG transport stream run on where its clock was set anew: where decoding
 * time steps back by more than 0.1 s, or ahead by more than 10 s, the next packet follows the one
 * before at the usual distance. These are the borders at which FFmpeg's own program does the same.
 */
final class PacketTimes {
  private static final AVRational MICROS = av_make_q(1, 1_000_000);
  private final long longestStepBack;
  private final long longestStepAhead;
  private final long usualTicks;
  private long offset;
  private long lastTicks = AV_NOPTS_VALUE;
  private long lastDuration;

  PacketTimes(AVStream stream) {
    AVRational base = stream.time_base();
    this.longestStepBack = av_rescale_q(100_000, MICROS, base);
    this.longestStepAhead = av_rescale_q(10_000_000, MICROS, base);
    this.usualTicks = FrameClock.usualTicks(stream);
  }

  /** Shifts the next packet's times, in decoding order. */
  void place(AVPacket packet) {
    long read = packet.dts() == AV_NOPTS_VALUE ? packet.pts() : packet.dts();
    if (read != AV_NOPTS_VALUE) {
      follow(read);
      lastDuration = packet.duration() > 0 ? packet.duration() : usualTicks;
    }
    if (packet.pts() != AV_NOPTS_VALUE) {
      packet.pts(packet.pts() + offset);
    }
    if (packet.dts() != AV_NOPTS_VALUE) {
      packet.dts(packet.dts() + offset);
    }
  }

  private void follow(long read) {
    long step = lastTicks == AV_NOPTS_VALUE ? 0 : read + offset - lastTicks;
    if (step < -longestStepBack || step > longestStepAhead) {
      offset = lastTicks + lastDuration - read;
    }
    lastTicks = read + offset;
  }
}
