package dev.densestream.framesampler.decode;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_DISCARD;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_clone;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;
import static org.bytedeco.ffmpeg.global.avutil.av_rescale_q;

import dev.densestream.framesampler.FrameCounts;
import dev.densestream.framesampler.MediaLimits;
import dev.densestream.framesampler.MediaRefusal.Code;
import dev.densestream.framesampler.protocol.Reply;
import dev.densestream.ingest.SegmentCutter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one media into pieces without decoding it.
 *
 * <p>A piece ends before the first keyframe at or after the target length. Frames that follow this
 * keyframe in decoding and precede it in presentation (leading frames, in open groups of pictures)
 * need both it and what was before. So both pieces get the keyframe and its leading frames: the
 * first shows the leading frames and hides the keyframe, the second hides the leading frames. Each
 * frame is shown once. Where a piece would exceed 15 MiB it ends before any packet, and says {@code
 * keyframeAligned = false}: the next piece decodes from its first keyframe on. What is larger than
 * {@link SegmentCutter#MOST_PIECE_BYTES} all the same, such as a single packet, is refused.
 */
final class CutTask {
  private static final AVRational MICROS = av_make_q(1, 1_000_000);

  /** No codec here lets more frames overtake a keyframe. */
  private static final int LOOK_AHEAD = 17;

  /** Leaves room for the leading frames of the next one, and for the container. */
  private static final long LARGEST_PIECE = 15L << 20;

  private final OpenMedia source;
  private final MediaLimits limits;
  private final ReplyChannel replies;
  private final BooleanSupplier aborted;
  private final AVRational timeBase;
  private final long targetTicks;
  private final Deque<AVPacket> ahead = new ArrayDeque<>();

  private @Nullable PiecePackets piece;
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
      requireTimes(open);
      CutTask task = new CutTask(open, limits, targetMicros, replies, aborted);
      try {
        task.cut();
      } finally {
        task.release();
      }
    }
  }

  /** An AVI has decoding times alone: decoders find out when frames are shown, cutting does not. */
  private static void requireTimes(OpenMedia open) throws Refusal {
    if (open.container().equals(Allowed.AVI) && open.stream().codecpar().video_delay() > 0) {
      throw new Refusal(
          Code.UNSUPPORTED_CONTAINER,
          "The AVI's frames are decoded in another order than they are shown, and it does not say"
              + " when: send MP4 or Matroska.");
    }
  }

  private void cut() throws Refusal, IOException {
    lookAhead();
    while (!ahead.isEmpty() && !aborted.getAsBoolean()) {
      PiecePackets present = piece;
      if (present == null) {
        present = begin(false);
      } else if (cutsBefore(ahead.getFirst(), present)) {
        present = next(present);
      }
      count(ahead.getFirst());
      present.add(ahead.removeFirst());
      lookAhead();
    }
    if (frames == 0 && !aborted.getAsBoolean()) {
      throw new Refusal(
          source.damaged() ? Code.TRUNCATED : Code.NO_FRAMES, "The video has no frames.");
    }
    if (piece != null && !aborted.getAsBoolean()) {
      finish(piece, endPts, false);
    }
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

  private boolean cutsBefore(AVPacket packet, PiecePackets present) {
    return present.bytes() + packet.size() > LARGEST_PIECE
        || (key(packet) && packet.pts() - present.start() >= targetTicks);
  }

  /** Ends the present piece and begins the one after it. */
  private PiecePackets next(PiecePackets present) throws Refusal, IOException {
    AVPacket packet = ahead.getFirst();
    boolean open = key(packet) && earliest() < packet.pts();
    if (open) {
      present.add(av_packet_clone(packet));
      for (AVPacket leading : leading(packet)) {
        present.add(av_packet_clone(leading));
      }
    }
    finish(present, key(packet) ? packet.pts() : earliest(), open);
    return begin(open);
  }

  /**
   * A piece that begins with the packet ahead.
   *
   * @param open whether the one before shows this one's leading frames
   */
  private PiecePackets begin(boolean open) {
    AVPacket packet = ahead.getFirst();
    boolean first = frames == 0;
    boolean trimmed = first && hidden(packet);
    long start = trimmed ? source.stream().start_time() : key(packet) ? packet.pts() : earliest();
    if (first) {
      firstPts = start;
      endPts = start;
    }
    PiecePackets begun = new PiecePackets(start, trimmed || open, key(packet));
    piece = begun;
    return begun;
  }

  private void finish(PiecePackets ended, long end, boolean hidesEnd) throws Refusal, IOException {
    piece = null;
    try (ended;
        PieceWriter writer = new PieceWriter(source, ended.hidesStart(), hidesEnd)) {
      for (AVPacket packet : ended.stamped()) {
        lost |= !writer.write(packet);
      }
      writer.finish(
          end - ended.start(),
          (contentType, bytes) -> {
            fits(bytes.remaining());
            replies.say(
                new Reply.Piece(
                    micros(ended.start()),
                    micros(end),
                    contentType,
                    ended.keyframeAligned(),
                    bytes.remaining()),
                bytes);
          });
    }
  }

  private static void fits(int bytes) throws Refusal {
    if (bytes > SegmentCutter.MOST_PIECE_BYTES) {
      throw new Refusal(
          Code.TOO_MANY_BYTES,
          "A segment of the video would have %d bytes; at most %d are accepted."
              .formatted(bytes, SegmentCutter.MOST_PIECE_BYTES));
    }
  }

  private void count(AVPacket packet) throws Refusal {
    if (++frames > limits.frames()) {
      throw new Refusal(
          Code.TOO_MANY_FRAMES,
          "The video has more than the %d frames that are accepted.".formatted(limits.frames()));
    }
    endPts = Math.max(endPts, packet.pts() + Math.max(packet.duration(), 1));
  }

  private List<AVPacket> leading(AVPacket keyframe) {
    return ahead.stream().filter(packet -> packet.pts() < keyframe.pts()).toList();
  }

  private long earliest() {
    return ahead.stream().mapToLong(AVPacket::pts).min().orElse(0);
  }

  /** Before the start of an edit list: to be decoded, not shown. */
  private boolean hidden(AVPacket packet) {
    return (packet.flags() & AV_PKT_FLAG_DISCARD) != 0
        && source.stream().start_time() != AV_NOPTS_VALUE;
  }

  private static boolean key(AVPacket packet) {
    return (packet.flags() & AV_PKT_FLAG_KEY) != 0;
  }

  private long micros(long ticks) {
    return av_rescale_q(ticks - firstPts, timeBase, MICROS);
  }

  private void release() {
    ahead.forEach(packet -> av_packet_free(packet));
    PiecePackets left = piece;
    if (left != null) {
      left.close();
    }
  }
}
