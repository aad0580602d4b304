package dev.densestream.framesampler.decode;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP8;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_DISCARD;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;

import dev.densestream.framesampler.DropReason;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.framesampler.MediaLimits;
import dev.densestream.framesampler.MediaRefusal.Code;
import dev.densestream.framesampler.SamplingPolicy;
import dev.densestream.framesampler.policy.FrameGate;
import dev.densestream.framesampler.protocol.Reply;
import dev.densestream.framesampler.protocol.Task;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Decodes one media and says the frames its policy takes. */
final class SampleTask {
  private static final long PROGRESS_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private final MediaLimits limits;
  private final SamplingPolicy policy;
  private final int threads;
  private final ReplyChannel replies;
  private final BooleanSupplier aborted;
  private final FrameTally tally = new FrameTally();
  private long packets;
  private boolean inKeyframe;
  private long lastSaid = System.nanoTime();

  SampleTask(Task task, SamplingPolicy policy, ReplyChannel replies, BooleanSupplier aborted) {
    this.limits = task.limits();
    this.policy = policy;
    this.threads = task.threads();
    this.replies = replies;
    this.aborted = aborted;
  }

  FrameCounts counts() {
    return tally.counts();
  }

  void run(MediaBytes media, boolean count) throws Refusal, IOException {
    long total = 0;
    if (count || policy instanceof SamplingPolicy.Uniform) {
      total = count(media);
      replies.say(new Reply.Counted(total));
    }
    try (OpenMedia open = OpenMedia.open(media, limits);
        VideoDecoder decoder = new VideoDecoder(open.stream(), limits, threads());
        RgbPicture grid = new RgbPicture();
        PictureWriter pictures = new PictureWriter(replies)) {
      FrameClock clock = new FrameClock(open.stream());
      Sink sink = new Sink(FrameGate.of(policy, total), clock, grid, pictures);
      try {
        decode(open, decoder, sink);
      } finally {
        settle(pictures);
      }
      finish(open.damaged() || decoder.damaged(), clock);
    }
  }

  /** A picture that could not be converted was not given. */
  private void settle(PictureWriter pictures) throws Refusal, IOException {
    try {
      pictures.await();
    } catch (Refusal e) {
      tally.notSampled();
      throw e;
    }
  }

  /** Pictures that depend on no other keep one thread busy, and would wait for more. */
  private int threads() {
    return policy instanceof SamplingPolicy.Keyframes ? 1 : threads;
  }

  /** Frames as far as the container can be read, without decoding one. */
  private long count(MediaBytes media) throws Refusal, IOException {
    try (OpenMedia open = OpenMedia.open(media, limits);
        OwnPacket packet = new OwnPacket()) {
      long frames = 0;
      while (!aborted.getAsBoolean() && open.next(packet.get())) {
        frames += shown(open, packet.get()) ? 1 : 0;
        sayProgress();
        checkCount(frames);
      }
      return frames;
    }
  }

  private void decode(OpenMedia open, VideoDecoder decoder, Sink sink) throws Refusal, IOException {
    boolean keyframes = policy instanceof SamplingPolicy.Keyframes;
    try (OwnPacket own = new OwnPacket()) {
      AVPacket packet = own.get();
      while (!aborted.getAsBoolean() && open.next(packet)) {
        boolean shown = shown(open, packet);
        checkCount(packets += shown ? 1 : 0);
        if (!keyframes) {
          decoder.decode(packet, sink);
        } else if (!decodeKeyframe(packet, open.secondField(), decoder, sink) && shown) {
          tally.gated();
          sink.clock.pass(packet);
        }
        sink.sayProgress();
      }
      if (!aborted.getAsBoolean()) {
        decoder.decode(null, sink);
      }
    }
  }

  /**
   * Decodes the packet where it belongs to a keyframe, each on its own.
   *
   * @param second whether the packet completes the frame of the one before
   * @return whether it does
   */
  private boolean decodeKeyframe(AVPacket packet, boolean second, VideoDecoder decoder, Sink sink)
      throws Refusal, IOException {
    boolean key = (packet.flags() & AV_PKT_FLAG_KEY) != 0;
    if (second && !inKeyframe) {
      return false;
    }
    if (!second) {
      if (inKeyframe) {
        decoder.restart(sink);
      }
      inKeyframe = key;
    }
    if (inKeyframe) {
      decoder.decode(packet, sink);
    }
    return inKeyframe;
  }

  private void finish(boolean damaged, FrameClock clock) throws Refusal, IOException {
    if (damaged) {
      tally.dropped(DropReason.CORRUPT, packets - tally.seen());
    }
    FrameCounts counts = tally.counts();
    if (clock.frames() == 0 && !aborted.getAsBoolean()) {
      throw new Refusal(
          damaged ? Code.TRUNCATED : Code.NO_FRAMES,
          damaged
              ? "The video is damaged or cut off before its first frame."
              : "The video has no frames.");
    }
    boolean lost = counts.dropped().containsKey(DropReason.CORRUPT);
    replies.say(new Reply.Finished(counts, clock.endMicros(), damaged || lost));
  }

  private void checkCount(long frames) throws Refusal {
    if (frames > limits.frames()) {
      throw new Refusal(
          Code.TOO_MANY_FRAMES,
          "The video has more than the %d frames that are accepted.".formatted(limits.frames()));
    }
  }

  private void sayProgress() throws IOException {
    if (System.nanoTime() - lastSaid > PROGRESS_NANOS) {
      replies.say(new Reply.Progress(tally.counts()));
      lastSaid = System.nanoTime();
    }
  }

  /** Whether a packet begins a frame for the eye; field pairs, edit lists and VP8 have others. */
  private static boolean shown(OpenMedia open, AVPacket packet) {
    if (open.secondField() || (packet.flags() & AV_PKT_FLAG_DISCARD) != 0) {
      return false;
    }
    boolean vp8 = open.stream().codecpar().codec_id() == AV_CODEC_ID_VP8;
    return !vp8 || packet.size() < 1 || (packet.data().get(0) & 0x10) != 0;
  }

  /** Decides on each decoded frame. */
  private final class Sink implements VideoDecoder.FrameSink {
    private final FrameGate gate;
    private final FrameClock clock;
    private final RgbPicture grid;
    private final PictureWriter pictures;

    private Sink(FrameGate gate, FrameClock clock, RgbPicture grid, PictureWriter pictures) {
      this.gate = gate;
      this.clock = clock;
      this.grid = grid;
      this.pictures = pictures;
    }

    /** Unless a picture is being said, which tells as much. */
    private void sayProgress() throws IOException {
      if (pictures.idle()) {
        SampleTask.this.sayProgress();
      }
    }

    @Override
    public void accept(AVFrame frame) throws Refusal, IOException {
      if (aborted.getAsBoolean() || (frame.flags() & AVFrame.AV_FRAME_FLAG_DISCARD) != 0) {
        return;
      }
      long index = clock.frames();
      checkCount(index + 1);
      checkSize(frame);
      long ptsMicros = clock.tick(frame);
      if ((frame.flags() & AVFrame.AV_FRAME_FLAG_CORRUPT) != 0 || frame.decode_error_flags() != 0) {
        tally.dropped(DropReason.CORRUPT, 1);
        return;
      }
      int times = gate.takes(index, ptsMicros, () -> grid.luma(frame));
      if (times == 0) {
        tally.gated();
        sayProgress();
        return;
      }
      say(frame, ptsMicros, times);
    }

    private void say(AVFrame frame, long ptsMicros, int times) throws Refusal, IOException {
      settle(pictures);
      tally.sampled();
      pictures.say(frame, counts(), ptsMicros, times);
      lastSaid = System.nanoTime();
    }

    private void checkSize(AVFrame frame) throws Refusal {
      try {
        OpenMedia.checkSize(frame.width(), frame.height(), limits);
      } catch (Refusal e) {
        tally.dropped(DropReason.LIMIT, 1);
        throw e;
      }
    }
  }

  /** A packet with its owner. */
  private static final class OwnPacket implements AutoCloseable {
    private final AVPacket packet = av_packet_alloc();

    AVPacket get() {
      return packet;
    }

    @Override
    public void close() {
      av_packet_free(packet);
    }
  }
}
