package dev.densestream.trainer.video;

import dev.densestream.framesampler.Frame;
import dev.densestream.framesampler.decode.OwnClip;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Clips made for tests. */
public final class Clips {
  private static final int SIDE = 64;
  private static final int FRAMES = 6;

  private Clips() {}

  /**
   * One tone all over, a little brighter from clip to clip.
   *
   * @param rgb {@code 0xRRGGBB}
   */
  public static void ofOneTone(Path file, int rgb, int brighter) throws IOException {
    byte[] pixels = new byte[3 * SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) ((rgb >> (16 - 8 * (i % 3)) & 0xff) + brighter);
    }
    try (Mp4Encoder encoder =
        new Mp4Encoder(file, new ClipFormat(SIDE, SIDE, 5, 100_000, Codec.H264))) {
      for (int i = 0; i < FRAMES; i++) {
        encoder.add(pixels, false);
      }
      encoder.finish();
    }
  }

  /** The first frames. */
  public static List<Frame> frames(Path file, int count) throws IOException {
    return OwnClip.frames(file, index -> index < count);
  }
}
