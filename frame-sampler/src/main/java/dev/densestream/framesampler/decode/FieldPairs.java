package dev.densestream.framesampler.decode;

import static org.bytedeco.ffmpeg.avcodec.AVCodecParserContext.PARSER_FLAG_COMPLETE_FRAMES;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.av_parser_close;
import static org.bytedeco.ffmpeg.global.avcodec.av_parser_init;
import static org.bytedeco.ffmpeg.global.avcodec.av_parser_parse2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;

import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParserContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.jspecify.annotations.Nullable;

/**
 * Tells which packets hold the second field of the frame that the packet before began. Only H.264
 * codes fields as pictures of their own that the decoder joins; the other codecs' demuxers join
 * them, or their decoders give each field as a frame.
 */
final class FieldPairs implements AutoCloseable {
  /** {@code AV_PICTURE_STRUCTURE_TOP_FIELD} and {@code …_BOTTOM_FIELD}. */
  private static final int TOP = 1;

  private static final int BOTTOM = 2;

  private final @Nullable AVCodecParserContext parser;
  private final AVCodecContext context = avcodec_alloc_context3(null);
  private final BytePointer none = new BytePointer((BytePointer) null);
  private final IntPointer noSize = new IntPointer(1L);
  private int waiting;

  FieldPairs(AVStream stream) {
    int codec = stream.codecpar().codec_id();
    this.parser = codec == AV_CODEC_ID_H264 ? av_parser_init(codec) : null;
    if (parser != null) {
      parser.flags(parser.flags() | PARSER_FLAG_COMPLETE_FRAMES);
      avcodec_parameters_to_context(context, stream.codecpar());
    }
  }

  /** To be asked once for each packet, in order. */
  boolean isSecond(AVPacket packet) {
    if (parser == null || packet.size() < 1) {
      return false;
    }
    av_parser_parse2(
        parser,
        context,
        none,
        noSize,
        packet.data(),
        packet.size(),
        packet.pts(),
        packet.dts(),
        packet.pos());
    int structure = parser.picture_structure();
    boolean field = structure == TOP || structure == BOTTOM;
    boolean second = field && waiting != 0 && structure != waiting;
    waiting = field && !second ? structure : 0;
    return second;
  }

  @Override
  public void close() {
    if (parser != null) {
      av_parser_close(parser);
    }
    avcodec_free_context(context);
    none.close();
    noSize.close();
  }
}
