package dev.densestream.framesampler.decode;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP8;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_copy;
import static org.bytedeco.ffmpeg.global.avformat.av_guess_format;
import static org.bytedeco.ffmpeg.global.avformat.av_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_close_dyn_buf;
import static org.bytedeco.ffmpeg.global.avformat.avio_open_dyn_buf;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_ENOMEM;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;
import static org.bytedeco.ffmpeg.global.avutil.av_rescale_q;

import dev.densestream.framesampler.MediaRefusal.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.BytePointer;

/**
 * Writes packets of one video stream, unchanged, into a piece of its own in memory: fragmented MP4,
 * plain MP4 where an edit list hides frames, WebM for VP8, which does not fit there and has nothing
 * to hide. Never MPEG-TS: it has no place for rotation, nor for parameter sets that the source sent
 * only once.
 */
final class PieceWriter implements AutoCloseable {
  private static final int ELST = 'e' << 24 | 'l' << 16 | 's' << 8 | 't';

  private final AVFormatContext context;
  private final AVIOContext memory = new AVIOContext(null);
  private final AVStream stream;
  private final AVRational sourceTimeBase;
  private final Format format;
  private final boolean hidesStart;
  private final boolean hidesEnd;

  /** A container for pieces. */
  enum Format {
    MP4("mp4", "video/mp4"),
    WEBM("webm", "video/webm");

    private final String muxer;
    private final String contentType;

    Format(String muxer, String contentType) {
      this.muxer = muxer;
      this.contentType = contentType;
    }

    static Format of(OpenMedia source) {
      return source.stream().codecpar().codec_id() == AV_CODEC_ID_VP8 ? WEBM : MP4;
    }
  }

  /** Receives a finished piece; its memory is borrowed for the call. */
  interface PieceSink {
    void accept(String contentType, ByteBuffer piece) throws Refusal, IOException;
  }

  /**
   * Begins a piece.
   *
   * @param hidesStart whether packets with PTS below 0 are to be decoded and not shown
   * @param hidesEnd whether packets with PTS from the piece's end on are
   */
  PieceWriter(OpenMedia source, boolean hidesStart, boolean hidesEnd) throws Refusal {
    this.format = Format.of(source);
    this.hidesStart = hidesStart;
    this.hidesEnd = hidesEnd;
    this.sourceTimeBase = source.stream().time_base();
    this.context = new AVFormatContext(null);
    check(
        avformat_alloc_output_context2(
            context, av_guess_format(format.muxer, null, null), (String) null, null));
    this.stream = avformat_new_stream(context, null);
    check(avcodec_parameters_copy(stream.codecpar(), source.stream().codecpar()));
    stream.codecpar().codec_tag(0);
    stream.time_base(sourceTimeBase);
    stream.avg_frame_rate(source.stream().avg_frame_rate());
    check(avio_open_dyn_buf(memory));
    context.pb(memory);
    writeHeader();
  }

  /**
   * Adds a packet. Its buffer is borrowed, its times are changed.
   *
   * @return false when the container cannot take it
   */
  boolean write(AVPacket packet) throws Refusal {
    packet.stream_index(0);
    packet.pos(-1);
    av_packet_rescale_ts(packet, sourceTimeBase, stream.time_base());
    int result = av_write_frame(context, packet);
    if (result == AVERROR_ENOMEM()) {
      throw OpenMedia.outOfMemory();
    }
    return result >= 0;
  }

  /**
   * Ends the piece.
   *
   * @param end where its presentation ends, in the source's time base
   */
  void finish(long end, PieceSink sink) throws Refusal, IOException {
    check(av_write_trailer(context));
    BytePointer bytes = new BytePointer((BytePointer) null);
    int size = avio_close_dyn_buf(memory, bytes);
    memory.setNull();
    context.pb(null);
    try {
      check(size);
      ByteBuffer content = bytes.capacity(size).asByteBuffer().order(ByteOrder.BIG_ENDIAN);
      if (format == Format.MP4 && hidesEnd) {
        hideFrom(end, content);
      }
      sink.accept(format.contentType, content);
    } finally {
      av_free(bytes);
    }
  }

  /** Shortens the only entry of the edit list (ISO 14496-12, 8.6.6), which the muxer cannot. */
  private void hideFrom(long end, ByteBuffer content) {
    int at = content.limit() - 16;
    while (content.getInt(at) != ELST) { // the index comes last, so the media is not looked at
      at--;
    }
    if (content.getInt(at + 8) != 1) {
      throw new IllegalStateException("the edit list has more entries than the one expected");
    }
    long length = av_rescale_q(end, sourceTimeBase, av_make_q(1, movieTimescale()));
    if (content.get(at + 4) == 1) {
      content.putLong(at + 12, length);
    } else {
      content.putInt(at + 12, Math.toIntExact(length));
    }
  }

  /** Exact for the source's times where it can be. */
  private int movieTimescale() {
    return sourceTimeBase.num() == 1 ? sourceTimeBase.den() : 1_000_000;
  }

  @Override
  public void close() {
    if (!memory.isNull()) {
      BytePointer bytes = new BytePointer((BytePointer) null);
      avio_close_dyn_buf(memory, bytes);
      av_free(bytes);
    }
    avformat_free_context(context);
  }

  private void writeHeader() throws Refusal {
    AVDictionary options = new AVDictionary(null);
    if (format == Format.MP4) {
      // Times start at 0 because the caller shifted them, so an edit list is needed only for what
      // is hidden; demuxers heed it only where there are no fragments.
      if (hidesStart || hidesEnd) {
        context.avoid_negative_ts(0);
        av_dict_set(options, "movie_timescale", Integer.toString(movieTimescale()), 0);
        av_dict_set(options, "use_editlist", "1", 0);
      } else {
        av_dict_set(options, "movflags", "empty_moov+default_base_moof+frag_custom", 0);
        av_dict_set(options, "use_editlist", "0", 0);
      }
    }
    int result = avformat_write_header(context, options);
    av_dict_free(options);
    check(result);
  }

  private static void check(int result) throws Refusal {
    if (result == AVERROR_ENOMEM()) {
      throw OpenMedia.outOfMemory();
    }
    if (result < 0) {
      throw new Refusal(
          Code.UNSUPPORTED_CODEC,
          "The video cannot be cut without converting it: its codec"
              + " settings do not fit a streaming container.");
    }
  }
}
