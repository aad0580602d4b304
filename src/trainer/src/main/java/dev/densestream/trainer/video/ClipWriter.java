package dev.densestream.trainer.video;

import dev.densestream.trainer.world.Renderer;
import dev.densestream.trainer.world.Scene;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Films scenes: renders and encodes them into MP4 files. */
public final class ClipWriter {
  private ClipWriter() {}

  /**
   * Writes a whole scene.
   *
   * @throws IOException when the file cannot be written or the format cannot be encoded
   */
  public static void write(Scene scene, ClipFormat format, Path file) throws IOException {
    try (Mp4Encoder encoder = new Mp4Encoder(file, format)) {
      film(scene, format, encoder, false);
      encoder.finish();
    }
  }

  /**
   * Writes several scenes, one behind the other. The video can be cut at each whole second of a
   * scene.
   *
   * @throws IOException when the file cannot be written or the format cannot be encoded
   */
  public static void write(List<Scene> scenes, ClipFormat format, Path file) throws IOException {
    try (Mp4Encoder encoder = new Mp4Encoder(file, format)) {
      for (Scene scene : scenes) {
        film(scene, format, encoder, true);
      }
      encoder.finish();
    }
  }

  private static void film(
      Scene scene, ClipFormat format, Mp4Encoder encoder, boolean cutEachSecond)
      throws IOException {
    Renderer renderer = new Renderer(scene, format.width(), format.height());
    byte[] rgb = new byte[3 * format.width() * format.height()];
    int frames = frames(scene, format);
    for (int i = 0; i < frames; i++) {
      renderer.draw((double) i / format.framesPerSecond(), rgb, 0);
      encoder.add(rgb, cutEachSecond && i % format.framesPerSecond() == 0);
    }
  }

  /** How many frames a scene has in a format. */
  public static int frames(Scene scene, ClipFormat format) {
    return Math.max(1, (int) Math.floor(scene.seconds() * format.framesPerSecond()));
  }
}
