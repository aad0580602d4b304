package dev.densestream.framesampler.decode;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;

import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.MediaLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Decodes, in this process, a clip that this process made itself a moment ago: the demuxer, decoder
 * and conversion of a child, without its protection. Media of anybody else goes to a {@link
 * dev.densestream.framesampler.FrameSampler}.
 */
public final class OwnClip {
  private final IntPredicate taken;
  private final List<Frame> frames = new ArrayList<>();
  private int index;

  private OwnClip(IntPredicate taken) {
    this.taken = taken;
  }

  /**
   * The frames at some places, in order, decoded by one thread.
   *
   * @param taken asked with the index of each frame, from 0
   * @throws IOException when the clip is not a whole video
   */
  public static List<Frame> frames(Path clip, IntPredicate taken) throws IOException {
    OwnClip own = new OwnClip(taken);
    try (MediaBytes media = MediaBytes.of(clip)) {
      own.decode(media);
    } catch (Refusal e) {
      throw new IOException(clip + " cannot be decoded: " + e.detail(), e);
    }
    return own.frames;
  }

  private void decode(MediaBytes media) throws Refusal, IOException {
    MediaLimits limits = MediaLimits.defaults();
    AVPacket packet = av_packet_alloc();
    try (OpenMedia open = OpenMedia.open(media, limits);
        VideoDecoder decoder = new VideoDecoder(open.stream(), limits, 1);
        RgbPicture picture = new RgbPicture()) {
      FrameClock clock = new FrameClock(open.stream());
      VideoDecoder.FrameSink sink = frame -> accept(frame, clock, picture);
      while (open.next(packet)) {
        decoder.decode(packet, sink);
      }
      decoder.decode(null, sink);
      if (open.damaged() || decoder.damaged()) {
        throw new IOException("the clip is damaged");
      }
    } finally {
      av_packet_free(packet);
    }
  }

  private void accept(AVFrame frame, FrameClock clock, RgbPicture picture) throws Refusal {
    long ptsMicros = clock.tick(frame);
    if (taken.test(index++)) {
      ByteBuffer converted = picture.convert(frame);
      byte[] rgb = new byte[converted.remaining()];
      converted.get(rgb);
      frames.add(new Frame(ptsMicros, picture.width(), picture.height(), rgb));
    }
  }
}
