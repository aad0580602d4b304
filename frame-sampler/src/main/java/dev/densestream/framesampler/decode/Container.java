package dev.densestream.framesampler.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.bytedeco.ffmpeg.global.avformat.AVPROBE_PADDING_SIZE;
import static org.bytedeco.ffmpeg.global.avformat.AVPROBE_SCORE_RETRY;
import static org.bytedeco.ffmpeg.global.avformat.av_probe_input_format3;

import dev.densestream.framesampler.MediaRefusal.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVProbeData;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;

/** Tells the container from the first bytes alone. Looks at nothing else and opens nothing. */
final class Container {
  private static final int HEAD = 1 << 17;

  /** How texts begin that make a player open other things. Not all of them are probed by FFmpeg. */
  private static final List<String> PLAYLISTS =
      List.of("#extm3u", "ffconcat", "v=0", "<mpd", "<smil", "[playlist]", "<compositionplaylist");

  private static final List<String> PICTURES =
      List.of("image2", "_pipe", "gif", "apng", "ico", "tty", "webvtt", "srt", "ass", "subviewer");

  private Container() {}

  /**
   * @throws Refusal when it is none that may be opened
   */
  static AVInputFormat of(MediaBytes media) throws Refusal, IOException {
    try (BytePointer head = new BytePointer(HEAD + AVPROBE_PADDING_SIZE);
        AVProbeData probe = new AVProbeData()) {
      BytePointer.memset(head, 0, head.capacity());
      ByteBuffer first = head.asByteBuffer().limit(HEAD);
      int length = media.head(first);
      byte[] start = new byte[Math.min(length, 1024)];
      head.get(start);
      probe.filename(null).mime_type(null).buf(head).buf_size(length);
      int[] score = new int[1];
      AVInputFormat format = av_probe_input_format3(probe, 1, score);
      return checked(format, score[0], new String(start, ISO_8859_1));
    }
  }

  private static AVInputFormat checked(@Nullable AVInputFormat format, int score, String start)
      throws Refusal {
    String text = start.toLowerCase(java.util.Locale.ROOT).stripLeading();
    if (PLAYLISTS.stream().anyMatch(text::startsWith)
        || (text.startsWith("<?xml") && lists(text))) {
      throw new Refusal(
          Code.UNSUPPORTED_CONTAINER,
          "The file is a playlist or manifest, which only points to other files: send the video"
              + " itself.");
    }
    if (format == null || score <= AVPROBE_SCORE_RETRY || picture(format.name().getString())) {
      throw new Refusal(
          Code.NOT_A_VIDEO,
          "The file is not a video: send MP4, MOV, WebM, Matroska, AVI or MPEG-TS.");
    }
    if (!Allowed.DEMUXERS.contains(format.name().getString())) {
      throw new Refusal(
          Code.UNSUPPORTED_CONTAINER,
          "The file's container format is not supported: send MP4, MOV, WebM, Matroska, AVI or MPEG-TS.");
    }
    return format;
  }

  private static boolean lists(String text) {
    return PLAYLISTS.stream().filter(p -> p.startsWith("<")).anyMatch(text::contains);
  }

  private static boolean picture(String name) {
    return PICTURES.stream().anyMatch(name::contains);
  }
}
