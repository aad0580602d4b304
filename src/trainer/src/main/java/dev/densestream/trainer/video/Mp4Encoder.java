package dev.densestream.trainer.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_WRITE;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_ERROR;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_I;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_NONE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.sws_alloc_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;

import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.PointerPointer;

/** RGB frames in, an MP4 file out. A file that was not finished is not a video. */
final class Mp4Encoder implements AutoCloseable {
  private static final int SECONDS_BETWEEN_KEYFRAMES = 2;

  private final Path file;
  private final ClipFormat format;
  private final AVFormatContext container = new AVFormatContext(null);
  private final AVIOContext output = new AVIOContext(null);
  private final AVCodecContext encoder;
  private final AVFrame rgb = av_frame_alloc();
  private final AVFrame yuv = av_frame_alloc();
  private final AVPacket packet = av_packet_alloc();
  private final SwsContext toYuv = sws_alloc_context();
  private final AVStream stream;
  private long frames;

  Mp4Encoder(Path file, ClipFormat format) throws IOException {
    this.file = file;
    this.format = format;
    av_log_set_level(AV_LOG_ERROR);
    AVCodec codec = avcodec_find_encoder_by_name(format.codec().encoder());
    if (codec == null) {
      throw new IOException("FFmpeg was built without " + format.codec().encoder());
    }
    this.encoder = avcodec_alloc_context3(codec);
    check(avformat_alloc_output_context2(container, null, "mp4", file.toString()));
    this.stream = avformat_new_stream(container, codec);
    try {
      open(codec);
    } catch (IOException failure) {
      close();
      throw failure;
    }
  }

  private void open(AVCodec codec) throws IOException {
    encoder.width(format.width());
    encoder.height(format.height());
    encoder.pix_fmt(AV_PIX_FMT_YUV420P);
    encoder.time_base(av_make_q(1, format.framesPerSecond()));
    encoder.framerate(av_make_q(format.framesPerSecond(), 1));
    encoder.gop_size(SECONDS_BETWEEN_KEYFRAMES * format.framesPerSecond());
    encoder.bit_rate(format.bitsPerSecond());
    // One thread: equal scenes give equal files on every machine.
    encoder.thread_count(1);
    encoder.flags(encoder.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
    AVDictionary options = new AVDictionary(null);
    // A skipped frame would let an object stand still that moves.
    av_dict_set(options, "allow_skip_frames", "0", 0);
    av_dict_set(options, "deadline", "realtime", 0);
    av_dict_set(options, "cpu-used", "7", 0);
    av_dict_set(options, "lag-in-frames", "0", 0);
    int opened = avcodec_open2(encoder, codec, options);
    av_dict_free(options);
    check(opened);
    check(avcodec_parameters_from_context(stream.codecpar(), encoder));
    stream.time_base(encoder.time_base());
    stream.avg_frame_rate(encoder.framerate());
    buffer(rgb, AV_PIX_FMT_RGB24);
    buffer(yuv, AV_PIX_FMT_YUV420P);
    toYuv.flags(SWS_BICUBIC);
    check(avio_open(output, file.toString(), AVIO_FLAG_WRITE));
    container.pb(output);
    check(avformat_write_header(container, (PointerPointer<?>) null));
  }

  private void buffer(AVFrame frame, int pixels) throws IOException {
    frame.format(pixels);
    frame.width(format.width());
    frame.height(format.height());
    check(av_frame_get_buffer(frame, 0));
  }

  /**
   * Adds a frame.
   *
   * @param pixels {@code [height, width, 3]} uint8
   * @param key whether the video can be cut before it; else the encoder decides
   */
  void add(byte[] pixels, boolean key) throws IOException {
    check(av_frame_make_writable(rgb));
    int row = 3 * format.width();
    for (int y = 0; y < format.height(); y++) {
      rgb.data(0).position((long) y * rgb.linesize(0)).put(pixels, y * row, row);
    }
    check(av_frame_make_writable(yuv));
    check(sws_scale_frame(toYuv, yuv, rgb));
    yuv.pts(frames++);
    yuv.pict_type(key ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE);
    check(avcodec_send_frame(encoder, yuv));
    drain();
  }

  /** Writes what is still to be written; the file is a video from then on. */
  void finish() throws IOException {
    check(avcodec_send_frame(encoder, (AVFrame) null));
    drain();
    check(av_write_trailer(container));
  }

  private void drain() throws IOException {
    while (avcodec_receive_packet(encoder, packet) >= 0) {
      packet.stream_index(stream.index());
      packet.duration(1);
      av_packet_rescale_ts(packet, encoder.time_base(), stream.time_base());
      check(av_interleaved_write_frame(container, packet));
      av_packet_unref(packet);
    }
  }

  @Override
  public void close() {
    av_packet_free(packet);
    av_frame_free(rgb);
    av_frame_free(yuv);
    sws_freeContext(toYuv);
    avcodec_free_context(encoder);
    if (!output.isNull()) {
      avio_closep(output);
    }
    avformat_free_context(container);
  }

  private void check(int result) throws IOException {
    if (result < 0) {
      throw new IOException("FFmpeg cannot write " + file + " (error " + result + ")");
    }
  }
}
