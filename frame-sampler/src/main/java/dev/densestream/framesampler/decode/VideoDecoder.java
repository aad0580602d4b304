package dev.densestream.framesampler.decode;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_flush_buffers;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_ENOMEM;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_strdup;

import dev.densestream.framesampler.MediaLimits;
import dev.densestream.framesampler.MediaRefusal.Code;
import java.io.IOException;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;

/** One decoder within its limits. Gives each frame to a sink, which borrows it for the call. */
final class VideoDecoder implements AutoCloseable {
  private final MediaLimits limits;
  private final AVCodecContext context;
  private final AVFrame frame = av_frame_alloc();
  private boolean damaged;

  /** Receives frames in presentation order. */
  interface FrameSink {
    void accept(AVFrame frame) throws Refusal, IOException;
  }

  VideoDecoder(AVStream stream, MediaLimits limits, int threads) throws Refusal {
    this.limits = limits;
    AVCodec codec =
        Allowed.decoder(stream.codecpar().codec_id())
            .orElseThrow(() -> new IllegalStateException("checked when the media was opened"));
    this.context = avcodec_alloc_context3(codec);
    avcodec_parameters_to_context(context, stream.codecpar());
    context.pkt_timebase(stream.time_base());
    context.thread_count(threads);
    context.max_pixels(limits.pixels());
    try (BytePointer names = new BytePointer(Allowed.CODEC_WHITELIST)) {
      context.codec_whitelist(av_strdup(names));
    }
    NativeLog.get().clear();
    if (avcodec_open2(context, codec, (AVDictionary) null) < 0) {
      close();
      throw new Refusal(Code.UNSUPPORTED_CODEC, "The video's codec settings are not supported.");
    }
  }

  /** Decodes a packet, or with null what is left at the end. */
  void decode(@Nullable AVPacket packet, FrameSink sink) throws Refusal, IOException {
    int sent = avcodec_send_packet(context, packet);
    if (sent == AVERROR_EAGAIN()) {
      throw new IllegalStateException("the decoder was drained after each packet");
    }
    note(sent);
    while (true) {
      int received = avcodec_receive_frame(context, frame);
      if (received == AVERROR_EAGAIN() || received == AVERROR_EOF()) {
        return;
      }
      note(received);
      if (received >= 0) {
        sink.accept(frame);
      }
    }
  }

  /** Gives what is left, and forgets all it was given: what follows depends on nothing before. */
  void restart(FrameSink sink) throws Refusal, IOException {
    decode(null, sink);
    avcodec_flush_buffers(context);
  }

  /** Whether something could not be decoded so far. */
  boolean damaged() {
    return damaged;
  }

  @Override
  public void close() {
    av_frame_free(frame);
    avcodec_free_context(context);
  }

  private void note(int result) throws Refusal {
    if (result >= 0 || result == AVERROR_EOF()) {
      return;
    }
    damaged = true;
    if (NativeLog.get().tooManyPixels()) {
      throw new Refusal(
          Code.TOO_MANY_PIXELS,
          "The video's pictures exceed the %d pixels that are accepted."
              .formatted(limits.pixels()));
    }
    if (result == AVERROR_ENOMEM()) {
      throw OpenMedia.outOfMemory();
    }
  }
}
