package dev.densestream.answerservice.web;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.StreamActivity;
import dev.densestream.framesampler.Frame;
import dev.densestream.ingest.StreamId;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.imageio.ImageIO;

/**
 * The latest frame of each stream as JPEG, at most {@value #WIDEST} pixels wide; drawn once per
 * frame however many ask.
 */
final class FramePictures {
  private static final int WIDEST = 640;

  private final StreamActivity activity;
  private final Map<StreamId, Drawn> drawn = new ConcurrentHashMap<>();

  FramePictures(StreamActivity activity) {
    this.activity = requireNonNull(activity, "activity is null");
  }

  @SuppressWarnings("ArrayRecordComponent") // kept and handed out, never compared
  private record Drawn(Frame frame, byte[] jpeg) {}

  /** Draws on the calling thread. */
  @SuppressWarnings("ReferenceEquality") // a frame is the same only if it is the same object
  Optional<byte[]> latest(StreamId stream) {
    Frame frame = activity.of(stream).map(StreamActivity.Seen::latest).orElse(null);
    if (frame == null) {
      drawn.remove(stream);
      return Optional.empty();
    }
    Drawn known = drawn.get(stream);
    if (known == null || !known.frame().equals(frame)) {
      known = new Drawn(frame, jpeg(frame));
      drawn.put(stream, known);
    }
    return Optional.of(known.jpeg());
  }

  static byte[] jpeg(Frame frame) {
    int width = Math.min(WIDEST, frame.width());
    int height = Math.max(1, (int) ((long) frame.height() * width / frame.width()));
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = picture.createGraphics();
    pen.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    pen.drawImage(picture(frame), 0, 0, width, height, null);
    pen.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream(64 * 1024);
    try {
      ImageIO.write(picture, "jpeg", out);
    } catch (IOException e) {
      throw new UncheckedIOException("a picture in memory cannot be written", e);
    }
    return out.toByteArray();
  }

  private static BufferedImage picture(Frame frame) {
    BufferedImage picture =
        new BufferedImage(frame.width(), frame.height(), BufferedImage.TYPE_INT_RGB);
    int[] row = new int[frame.width()];
    byte[] rgb = frame.rgb();
    int at = 0;
    for (int y = 0; y < frame.height(); y++) {
      for (int x = 0; x < row.length; x++, at += 3) {
        row[x] = (rgb[at] & 0xff) << 16 | (rgb[at + 1] & 0xff) << 8 | (rgb[at + 2] & 0xff);
      }
      picture.setRGB(0, y, row.length, 1, row, 0, row.length);
    }
    return picture;
  }
}
