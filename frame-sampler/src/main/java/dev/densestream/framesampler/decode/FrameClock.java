package dev.densestream.framesampler.decode;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_inv_q;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;
import static org.bytedeco.ffmpeg.global.avutil.av_rescale_q;

import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;

/**
 * PTS of decoded frames: distance from the first frame in time base units, converted to
 * microseconds once. Never runs backwards.
 */
final class FrameClock {
  private static final AVRational MICROS = av_make_q(1, 1_000_000);
  private final AVRational timeBase;
  private final long usualTicks;
  private long frames;
  private long firstTicks;
  private long lastTicks;
  private long lastDuration;
  private long passedTicks = Long.MIN_VALUE;

  FrameClock(AVStream stream) {
    this.timeBase = stream.time_base();
    this.usualTicks = usualTicks(stream);
  }

  /** Length of a frame at the rate the container tells, else at 25 a second; in its time base. */
  static long usualTicks(AVStream stream) {
    AVRational rate = stream.avg_frame_rate();
    return rate.num() > 0 && rate.den() > 0
        ? Math.max(1, av_rescale_q(1, av_inv_q(rate), stream.time_base()))
        : Math.max(1, av_rescale_q(40_000, MICROS, stream.time_base()));
  }

  /** Takes the next frame and returns its PTS. */
  long tick(AVFrame frame) {
    long ticks = frame.best_effort_timestamp();
    if (ticks == AV_NOPTS_VALUE) {
      ticks = frames == 0 ? 0 : lastTicks + lastDuration;
    }
    if (frames == 0) {
      firstTicks = ticks;
      lastTicks = ticks;
    }
    frames++;
    lastTicks = Math.max(lastTicks, ticks);
    lastDuration = frame.duration() > 0 ? frame.duration() : usualTicks;
    return micros(lastTicks);
  }

  /** A frame that is not decoded still lasts: the media ends no earlier than it does. */
  void pass(AVPacket packet) {
    if (frames > 0 && packet.pts() != AV_NOPTS_VALUE) {
      long duration = packet.duration() > 0 ? packet.duration() : usualTicks;
      passedTicks = Math.max(passedTicks, packet.pts() + duration);
    }
  }

  long frames() {
    return frames;
  }

  /** End of the last frame, decoded or passed. */
  long endMicros() {
    return frames == 0 ? 0 : micros(Math.max(lastTicks + lastDuration, passedTicks));
  }

  private long micros(long ticks) {
    return av_rescale_q(ticks - firstTicks, timeBase, MICROS);
  }
}
