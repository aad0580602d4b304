package dev.densestream.framesampler.decode;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AV1;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_HEVC;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG2VIDEO;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG4;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP8;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP9;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder_by_name;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodec;

/** The demuxers and decoders that may run. Everything else is a product decision with a test. */
final class Allowed {
  static final String MPEG_TS = "mpegts";
  static final String AVI = "avi";

  /** Demuxer names, as FFmpeg writes them. */
  static final List<String> DEMUXERS =
      List.of("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", MPEG_TS, AVI);

  static final String FORMAT_WHITELIST = String.join(",", DEMUXERS);

  /** No protocol has this name. */
  static final String NO_PROTOCOL = "none";

  /** No decoder has this name. */
  static final String NO_DECODER = "none";

  private static final Map<Integer, List<String>> DECODERS =
      Map.of(
          AV_CODEC_ID_H264, List.of("h264"),
          AV_CODEC_ID_HEVC, List.of("hevc"),
          AV_CODEC_ID_VP8, List.of("vp8"),
          AV_CODEC_ID_VP9, List.of("vp9"),
          AV_CODEC_ID_AV1, List.of("libdav1d", "libaom-av1"),
          AV_CODEC_ID_MPEG4, List.of("mpeg4"),
          AV_CODEC_ID_MPEG2VIDEO, List.of("mpeg2video"));

  static final String CODEC_WHITELIST = "h264,hevc,vp8,vp9,libdav1d,libaom-av1,mpeg4,mpeg2video";

  private Allowed() {}

  static boolean codec(int codecId) {
    return DECODERS.containsKey(codecId);
  }

  /** The decoder for a codec; empty when it is not allowed or not in this build of FFmpeg. */
  static Optional<AVCodec> decoder(int codecId) {
    return DECODERS.getOrDefault(codecId, List.of()).stream()
        .map(name -> Optional.ofNullable(avcodec_find_decoder_by_name(name)))
        .flatMap(Optional::stream)
        .findFirst();
  }
}
