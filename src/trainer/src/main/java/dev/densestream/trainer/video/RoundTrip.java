package dev.densestream.trainer.video;

import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.decode.OwnClip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** Pictures as they come out of a clip: encoded, and decoded by what decodes when serving. */
public final class RoundTrip {
  private RoundTrip() {}

  /**
   * Encodes all pictures and decodes some. The same for the same arguments: one thread does it all.
   *
   * @param count of pictures
   * @param picture of each index, {@code [height, width, 3]} uint8; may be the same array
   * @param taken which are wanted
   */
  public static List<Frame> frames(
      ClipFormat format, int count, IntFunction<byte[]> picture, IntPredicate taken)
      throws IOException {
    Path clip = Files.createTempFile("densestream-clip", ".mp4");
    try {
      try (Mp4Encoder encoder = new Mp4Encoder(clip, format)) {
        for (int i = 0; i < count; i++) {
          encoder.add(picture.apply(i), false);
        }
        encoder.finish();
      }
      return OwnClip.frames(clip, taken);
    } finally {
      Files.delete(clip);
    }
  }
}
