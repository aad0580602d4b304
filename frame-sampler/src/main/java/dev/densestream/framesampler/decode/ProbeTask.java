package dev.densestream.framesampler.decode;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;
import static org.bytedeco.ffmpeg.global.avutil.av_rescale_q;

import dev.densestream.framesampler.MediaLimits;
import dev.densestream.framesampler.MediaProbe;
import dev.densestream.framesampler.protocol.Reply;
import java.io.IOException;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avformat.AVStream;

/** Says what a media is, from its container. */
final class ProbeTask {
  private ProbeTask() {}

  static void run(MediaBytes media, MediaLimits limits, ReplyChannel replies)
      throws Refusal, IOException {
    try (OpenMedia open = OpenMedia.open(media, limits)) {
      AVStream stream = open.stream();
      AVCodecParameters parameters = stream.codecpar();
      replies.say(
          new Reply.Probed(
              new MediaProbe(
                  name(open.container()),
                  avcodec_get_name(parameters.codec_id()).getString(),
                  parameters.width(),
                  parameters.height(),
                  durationMicros(open),
                  Math.max(0, stream.nb_frames()))));
    }
  }

  private static String name(String demuxer) {
    return switch (demuxer) {
      case "matroska,webm" -> "matroska";
      case Allowed.MPEG_TS, Allowed.AVI -> demuxer;
      default -> "mp4";
    };
  }

  private static long durationMicros(OpenMedia open) {
    AVStream stream = open.stream();
    if (stream.duration() != AV_NOPTS_VALUE) {
      return Math.max(
          0, av_rescale_q(stream.duration(), stream.time_base(), av_make_q(1, 1_000_000)));
    }
    long whole = open.context().duration();
    return whole == AV_NOPTS_VALUE ? 0 : Math.max(0, whole);
  }
}
