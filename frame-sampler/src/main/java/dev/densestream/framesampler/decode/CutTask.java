package dev.densestream.framesampler.decode;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_DISCARD;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;
import static org.bytedeco.ffmpeg.global.avutil.av_rescale_q;

import dev.densestream.framesampler.FrameCounts;
import dev.densestream.framesampler.MediaLimits;
import dev.densestream.framesampler.MediaRefusal.Code;
import dev.densestream.framesampler.protocol.Reply;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one media into pieces without decoding it.
 *
 * <p>A piece ends before the first keyframe at or after the target length that decodes alone: one
 * that no later packet precedes in presentation. Where such keyframes are further apart than eight
 * targets, a keyframe with leading frames will do, and those frames are lost; where a piece would
 * exceed 16 MiB, any packet will. Both say {@code keyframeAligned = false}: the piece decodes from
 * its first usable keyframe on.
 */
final class CutTask {
  private static final AVRational MICROS = av_make_q(1, 1_000_000);

  /** No codec here lets more frames overtake a keyframe. */
  private static final int LOOK_AHEAD = 17;

  private static final int PATIENCE = 8;
  private static final long LARGEST_PIECE = 16L << 20;

  private final OpenMedia source;
  private final MediaLimits limits;
  private final ReplyChannel replies;
  private final BooleanSupplier aborted;
  private final AVRational timeBase;
  private final long targetTicks;
  private final Deque<AVPacket> ahead = new ArrayDeque<>();

  private @Nullable PieceWriter piece;
  private boolean aligned;
  private long pieceBytes;
  private long pieceStart;
  private long pieceShift;
  private long lastDts = AV_NOPTS_VALUE;
  private long firstPts;
  private long endPts;
  private long frames;
  private boolean lost;

  private CutTask(
      OpenMedia source,
      MediaLimits limits,
      long targetMicros,
      ReplyChannel replies,
      BooleanSupplier aborted) {
    this.source = source;
    this.limits = limits;
    this.replies = replies;
    this.aborted = aborted;
    this.timeBase = source.stream().time_base();
    this.targetTicks = Math.max(1, av_rescale_q(targetMicros, MICROS, timeBase));
  }

  static void run(
      MediaBytes media,
      MediaLimits limits,
      long targetMicros,
      ReplyChannel replies,
      BooleanSupplier aborted)
      throws Refusal, IOException {
    try (OpenMedia open = OpenMedia.open(media, limits)) {
      CutTask task = new CutTask(open, limits, targetMicros, replies, aborted);
      try {
        task.cut();
      } finally {
        task.release();
      }
    }
  }

  private void cut() throws Refusal, IOException {
    lookAhead();
    while (!ahead.isEmpty() && !aborted.getAsBoolean()) {
      AVPacket packet = ahead.getFirst();
      if (piece == null || cutsBefore(packet)) {
        begin(packet);
      }
      write(packet);
      av_packet_free(ahead.removeFirst());
      lookAhead();
    }
    if (frames == 0 && !aborted.getAsBoolean()) {
      throw new Refusal(
          source.damaged() ? Code.TRUNCATED : Code.NO_FRAMES, "The video has no frames.");
    }
    finish(endPts);
    replies.say(new Reply.Finished(FrameCounts.NONE, micros(endPts), source.damaged() || lost));
  }

  private void lookAhead() throws Refusal {
    while (ahead.size() < LOOK_AHEAD) {
      AVPacket packet = av_packet_alloc();
      if (!source.next(packet)) {
        av_packet_free(packet);
        return;
      }
      if (packet.pts() == AV_NOPTS_VALUE) {
        packet.pts(packet.dts() == AV_NOPTS_VALUE ? endPts : packet.dts());
      }
      ahead.addLast(packet);
    }
  }

  private boolean cutsBefore(AVPacket packet) {
    if (pieceBytes + packet.size() > LARGEST_PIECE) {
      return true;
    }
    long length = packet.pts() - pieceStart;
    return key(packet)
        && length >= targetTicks
        && (alone(packet) || length >= PATIENCE * targetTicks);
  }

  private void begin(AVPacket packet) throws Refusal, IOException {
    boolean first = piece == null;
    boolean hidden = first && hidden(packet);
    long start = hidden ? source.stream().start_time() : key(packet) ? packet.pts() : earliest();
    if (first) {
      firstPts = start;
      endPts = start;
    } else {
      finish(start);
    }
    aligned = key(packet) && alone(packet);
    piece = new PieceWriter(source, hidden);
    pieceBytes = 0;
    pieceStart = start;
    pieceShift = hidden ? start : Math.min(decoded(packet), earliest());
    lastDts = AV_NOPTS_VALUE;
  }

  private void finish(long end) throws Refusal, IOException {
    try (PieceWriter writer = piece) {
      if (writer == null) {
        return;
      }
      piece = null;
      boolean whole = aligned;
      writer.finish(
          (contentType, bytes) ->
              replies.say(
                  new Reply.Piece(
                      micros(pieceStart), micros(end), contentType, whole, bytes.remaining()),
                  bytes));
    }
  }

  private void write(AVPacket packet) throws Refusal {
    if (++frames > limits.frames()) {
      throw new Refusal(
          Code.TOO_MANY_FRAMES,
          "The video has more than the %d frames that are accepted.".formatted(limits.frames()));
    }
    pieceBytes += packet.size();
    endPts = Math.max(endPts, packet.pts() + Math.max(packet.duration(), 1));
    packet.pts(packet.pts() - pieceShift);
    long dts = packet.dts() == AV_NOPTS_VALUE ? packet.pts() : packet.dts() - pieceShift;
    if (lastDts != AV_NOPTS_VALUE && dts <= lastDts) {
      dts = lastDts + 1; // containers insist; decoders do not look at it
    }
    packet.dts(dts);
    packet.pts(Math.max(packet.pts(), dts));
    lastDts = dts;
    PieceWriter writer = piece;
    lost |= writer == null || !writer.write(packet);
  }

  private boolean alone(AVPacket keyframe) {
    return earliest() >= keyframe.pts();
  }

  private long earliest() {
    return ahead.stream().mapToLong(AVPacket::pts).min().orElse(0);
  }

  /** Before the start of an edit list: to be decoded, not shown. */
  private boolean hidden(AVPacket packet) {
    return (packet.flags() & AV_PKT_FLAG_DISCARD) != 0
        && source.stream().start_time() != AV_NOPTS_VALUE;
  }

  private static long decoded(AVPacket packet) {
    return packet.dts() == AV_NOPTS_VALUE ? packet.pts() : packet.dts();
  }

  private static boolean key(AVPacket packet) {
    return (packet.flags() & AV_PKT_FLAG_KEY) != 0;
  }

  private long micros(long ticks) {
    return av_rescale_q(ticks - firstPts, timeBase, MICROS);
  }

  private void release() {
    ahead.forEach(packet -> av_packet_free(packet));
    PieceWriter left = piece;
    if (left != null) {
      left.close();
    }
  }
}
