package dev.densestream.answerservice.web;

import static java.util.Objects.requireNonNull;

import dev.densestream.answerservice.StreamActivity;
import dev.densestream.framesampler.Frame;
import dev.densestream.ingest.StreamId;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.imageio.ImageIO;

/** The latest frame of each stream as JPEG, drawn once per frame however many ask. */
final class FramePictures {
  private final StreamActivity activity;
  private final Map<StreamId, Drawn> drawn = new ConcurrentHashMap<>();

  FramePictures(StreamActivity activity) {
    this.activity = requireNonNull(activity, "activity is null");
  }

  /** A frame by its number: the frame itself is the activity's to keep. */
  @SuppressWarnings("ArrayRecordComponent") // kept and handed out, never compared
  private record Drawn(long number, byte[] jpeg) {}

  /** Draws on the calling thread. */
  Optional<byte[]> latest(StreamId stream) {
    StreamActivity.Latest latest =
        activity.of(stream).map(StreamActivity.Seen::latest).orElse(null);
    if (latest == null) {
      drawn.remove(stream);
      return Optional.empty();
    }
    Drawn known = drawn.get(stream);
    if (known == null || known.number() != latest.number()) {
      known = new Drawn(latest.number(), jpeg(latest.picture()));
      drawn.put(stream, known);
    }
    return Optional.of(known.jpeg());
  }

  void forget(StreamId stream) {
    drawn.remove(stream);
  }

  private static byte[] jpeg(Frame frame) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64 * 1024);
    try {
      ImageIO.write(picture(frame), "jpeg", out);
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
