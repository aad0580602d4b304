package dev.densestream.framesampler.decode;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_ENCRYPTION_INFO;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_ENCRYPTION_INIT_INFO;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_get_side_data;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_side_data_get;
import static org.bytedeco.ffmpeg.global.avformat.AVFMTCTX_NOHEADER;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_ENOMEM;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EPERM;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_get;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_strdup;

import dev.densestream.framesampler.MediaLimits;
import dev.densestream.framesampler.MediaRefusal.Code;
import java.io.IOException;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/** A media opened for demuxing within its limits, and its one video stream. */
final class OpenMedia implements AutoCloseable {
  private static final int LONGEST_SIDE = 16_384;
  private static final int ENCV = 'e' | 'n' << 8 | 'c' << 16 | 'v' << 24;
  private static final OpensNothing OPENS_NOTHING = new OpensNothing();

  private final MediaBytes.Reader reader;
  private final AVFormatContext context;
  private final AVStream stream;
  private final String container;
  private final FieldPairs fields;
  private final @Nullable PacketTimes times;
  private boolean secondField;
  private boolean damaged;

  private OpenMedia(
      MediaBytes.Reader reader, AVFormatContext context, AVStream stream, String container) {
    this.reader = reader;
    this.context = context;
    this.stream = stream;
    this.container = container;
    this.fields = new FieldPairs(stream);
    this.times = container.equals(Allowed.MPEG_TS) ? new PacketTimes(stream) : null;
  }

  static OpenMedia open(MediaBytes media, MediaLimits limits) throws Refusal, IOException {
    if (media.size() > limits.bytes()) {
      throw new Refusal(
          Code.TOO_MANY_BYTES,
          "The file has %d bytes; at most %d are accepted."
              .formatted(media.size(), limits.bytes()));
    }
    AVInputFormat format = Container.of(media);
    MediaBytes.Reader reader = media.reader();
    AVFormatContext context = avformat_alloc_context();
    try {
      demux(context, reader, format, limits);
      AVStream stream = video(context, limits);
      return new OpenMedia(reader, context, stream, format.name().getString());
    } catch (Refusal e) {
      close(context, reader);
      throw e;
    }
  }

  AVStream stream() {
    return stream;
  }

  /** FFmpeg's name of the demuxer. */
  String container() {
    return container;
  }

  AVFormatContext context() {
    return context;
  }

  /**
   * Reads the next packet of the video stream.
   *
   * @return false at the end, or where the media cannot be read further (see {@link #damaged})
   */
  boolean next(AVPacket packet) throws Refusal {
    while (true) {
      avcodec.av_packet_unref(packet);
      int result = av_read_frame(context, packet);
      if (result == AVERROR_ENOMEM()) {
        throw outOfMemory();
      }
      if (result < 0) {
        damaged |= result != AVERROR_EOF || reader.pastEnd();
        return false;
      }
      if (packet.stream_index() == stream.index()) {
        if (av_packet_get_side_data(packet, AV_PKT_DATA_ENCRYPTION_INFO, null) != null) {
          throw encrypted();
        }
        damaged |= (packet.flags() & avcodec.AV_PKT_FLAG_CORRUPT) != 0;
        if (times != null) {
          times.place(packet);
        }
        secondField = fields.isSecond(packet);
        if (secondField) {
          packet.flags(packet.flags() & ~avcodec.AV_PKT_FLAG_KEY); // nothing may begin there
        }
        return true;
      }
    }
  }

  /** Whether the packet read last only completes the frame that the one before it began. */
  boolean secondField() {
    return secondField;
  }

  /** Whether some packet was damaged or missing so far. */
  boolean damaged() {
    return damaged;
  }

  @Override
  public void close() {
    fields.close();
    close(context, reader);
  }

  private static Refusal encrypted() {
    return new Refusal(Code.ENCRYPTED, "The video is encrypted: send it without protection.");
  }

  static Refusal outOfMemory() {
    return new Refusal(
        Code.DECODER_OUT_OF_MEMORY, "Decoding the video needs more memory than is allowed.");
  }

  static Refusal tooManyPixels(long width, long height, MediaLimits limits) {
    return new Refusal(
        Code.TOO_MANY_PIXELS,
        "The video's pictures have %d x %d pixels; at most %d pixels are accepted."
            .formatted(width, height, limits.pixels()));
  }

  static void checkSize(long width, long height, MediaLimits limits) throws Refusal {
    if (width * height > limits.pixels()) {
      throw tooManyPixels(width, height, limits);
    }
    if (width > LONGEST_SIDE || height > LONGEST_SIDE) {
      throw new Refusal(
          Code.UNSUPPORTED_DIMENSIONS,
          "The video's pictures are %d x %d pixels; neither side may exceed %d."
              .formatted(width, height, LONGEST_SIDE));
    }
  }

  private static void close(AVFormatContext context, MediaBytes.Reader reader) {
    if (!context.isNull()) {
      avformat_close_input(context);
    }
    reader.close();
  }

  private static void demux(
      AVFormatContext context, MediaBytes.Reader reader, AVInputFormat format, MediaLimits limits)
      throws Refusal {
    context.pb(reader.context());
    context.io_open(OPENS_NOTHING);
    context.format_whitelist(owned(Allowed.FORMAT_WHITELIST));
    context.protocol_whitelist(owned(Allowed.NO_PROTOCOL));
    context.codec_whitelist(owned(Allowed.CODEC_WHITELIST));
    context.max_streams(limits.streams() + 1); // one more, to tell the limit from its neighbour
    NativeLog.get().clear();
    int result = avformat_open_input(context, "", format, (AVDictionary) null);
    if (NativeLog.get().tooManyStreams()
        || (result >= 0 && context.nb_streams() > limits.streams())) {
      throw new Refusal(
          Code.TOO_MANY_STREAMS,
          "The file has more than the %d streams that are accepted.".formatted(limits.streams()));
    }
    if (NativeLog.get().pointsElsewhere()) {
      throw new Refusal(
          Code.UNSUPPORTED_CONTAINER,
          "The file points to other files for its pictures: send one that contains them.");
    }
    if (result == AVERROR_ENOMEM()) {
      throw outOfMemory();
    }
    if (result < 0) {
      throw new Refusal(
          Code.TRUNCATED,
          "The file begins like a video, but its index is damaged or missing: it may have been cut"
              + " off.");
    }
    examine(context, limits);
  }

  /** Finds what the header does not tell. May decode a few frames, within the limits. */
  private static void examine(AVFormatContext context, MediaLimits limits) throws Refusal {
    int count = context.nb_streams();
    for (int i = 0; i < count; i++) {
      AVCodecParameters parameters = context.streams(i).codecpar();
      if (parameters.codec_type() == AVMEDIA_TYPE_VIDEO && Allowed.codec(parameters.codec_id())) {
        checkSize(parameters.width(), parameters.height(), limits);
      }
    }
    // Streams that turn up later would be decoded without options, so without limits.
    if ((context.ctx_flags() & AVFMTCTX_NOHEADER) != 0) {
      context.codec_whitelist(owned(Allowed.NO_DECODER));
    }
    try (PointerPointer<AVDictionary> options = new PointerPointer<>(Math.max(count, 1))) {
      for (int i = 0; i < count; i++) {
        AVDictionary one = new AVDictionary(null);
        av_dict_set(one, "max_pixels", Long.toString(limits.pixels()), 0);
        options.put(i, one);
      }
      avformat_find_stream_info(context, options);
      for (int i = 0; i < count; i++) {
        AVDictionary one = options.get(AVDictionary.class, i);
        if (one != null) {
          av_dict_free(one);
        }
      }
    }
  }

  private static AVStream video(AVFormatContext context, MediaLimits limits) throws Refusal {
    boolean other = false;
    for (int i = 0; i < context.nb_streams(); i++) {
      AVStream stream = context.streams(i);
      AVCodecParameters parameters = stream.codecpar();
      if (parameters.codec_type() != AVMEDIA_TYPE_VIDEO
          || (stream.disposition() & AV_DISPOSITION_ATTACHED_PIC) != 0) {
        continue;
      }
      if (encrypted(stream)) {
        throw encrypted();
      }
      if (Allowed.decoder(parameters.codec_id()).isPresent()) {
        checkSize(parameters.width(), parameters.height(), limits);
        return stream;
      }
      other = true;
    }
    throw other
        ? new Refusal(
            Code.UNSUPPORTED_CODEC,
            "The video's codec is not supported: use H.264, HEVC, VP8, VP9, AV1, MPEG-4 or MPEG-2.")
        : new Refusal(Code.NO_VIDEO_STREAM, "The file has no video in it.");
  }

  private static boolean encrypted(AVStream stream) {
    AVCodecParameters parameters = stream.codecpar();
    return parameters.codec_tag() == ENCV
        || sideData(parameters, AV_PKT_DATA_ENCRYPTION_INIT_INFO)
        || av_dict_get(stream.metadata(), "enc_key_id", null, 0) != null;
  }

  private static boolean sideData(AVCodecParameters parameters, int type) {
    return parameters.nb_coded_side_data() > 0
        && av_packet_side_data_get(
                parameters.coded_side_data(), parameters.nb_coded_side_data(), type)
            != null;
  }

  /** A string that the context frees. */
  private static BytePointer owned(String text) {
    try (BytePointer temporary = new BytePointer(text)) {
      return av_strdup(temporary);
    }
  }

  /** Answers every wish of a demuxer to open something else. */
  private static final class OpensNothing
      extends AVFormatContext
          .Io_open_AVFormatContext_PointerPointer_BytePointer_int_PointerPointer {
    @Override
    @SuppressWarnings("rawtypes") // as generated
    public int call(
        AVFormatContext context,
        PointerPointer to,
        BytePointer url,
        int flags,
        PointerPointer options) {
      return AVERROR_EPERM();
    }
  }
}
