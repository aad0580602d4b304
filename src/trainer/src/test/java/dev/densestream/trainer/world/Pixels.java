package dev.densestream.trainer.world;

import java.util.ArrayDeque;
import java.util.Deque;

/** Measures pictures without knowing how they were made. */
@SuppressWarnings("ArrayRecordComponent") // compared by what is measured, never as a whole
public record Pixels(int width, int height, byte[] rgb) {
  /** The share of the picture and the middle of the pixels near a tone. */
  public record Spot(int pixels, double x, double y) {}

  public static Pixels of(Scene scene, double seconds, int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    new Renderer(scene, width, height).draw(seconds, rgb, 0);
    return new Pixels(width, height, rgb);
  }

  public int at(int x, int y) {
    int i = 3 * (y * width + x);
    return ((rgb[i] & 0xff) << 16) | ((rgb[i + 1] & 0xff) << 8) | (rgb[i + 2] & 0xff);
  }

  public Spot near(int tone, double distance) {
    int count = 0;
    double x = 0;
    double y = 0;
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        if (Tones.distance(at(column, row), tone) < distance) {
          count++;
          x += column + 0.5;
          y += row + 0.5;
        }
      }
    }
    return new Spot(count, x / count, y / count);
  }

  /** Connected patches that are not of a tone, of at least so many pixels. */
  public int patchesOtherThan(int tone, double distance, int least) {
    boolean[] seen = new boolean[width * height];
    int patches = 0;
    for (int i = 0; i < seen.length; i++) {
      patches += fill(i, seen, tone, distance) >= least ? 1 : 0;
    }
    return patches;
  }

  private int fill(int start, boolean[] seen, int tone, double distance) {
    Deque<Integer> open = new ArrayDeque<>();
    open.push(start);
    int size = 0;
    while (!open.isEmpty()) {
      int i = open.pop();
      int x = i % width;
      int y = i / width;
      if (seen[i] || Tones.distance(at(x, y), tone) < distance) {
        continue;
      }
      seen[i] = true;
      size++;
      for (int[] step : new int[][] {{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
        int u = x + step[0];
        int v = y + step[1];
        if (u >= 0 && v >= 0 && u < width && v < height) {
          open.push(v * width + u);
        }
      }
    }
    return size;
  }
}
