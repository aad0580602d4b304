package dev.densestream.visionpipeline.preprocess;

import dev.densestream.visionpipeline.CheckpointException;
import dev.densestream.visionpipeline.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The sizes an AnyRes model may see a picture at, each a grid of tiles: {@code
 * image_grid_pinpoints}, pairs of width and height in pixels.
 *
 * @param tile pixels along a tile's side
 */
public record GridPinpoints(List<GridPinpoints.Pinpoint> pinpoints, int tile) {
  private static final String KEY = "image_grid_pinpoints";

  /** A size in pixels. */
  public record Pinpoint(int width, int height) {}

  public GridPinpoints {
    pinpoints = List.copyOf(pinpoints);
    if (pinpoints.isEmpty()) {
      throw new CheckpointException(KEY + " must name at least one size");
    }
    for (Pinpoint pinpoint : pinpoints) {
      if (isNoGrid(pinpoint.width, tile) || isNoGrid(pinpoint.height, tile)) {
        throw new CheckpointException(
            KEY + " must be multiples of the tower's " + tile + " pixels: was " + pinpoint);
      }
    }
  }

  private static boolean isNoGrid(int side, int tile) {
    return side < tile || side % tile != 0 || side / tile > 64;
  }

  /**
   * Reads the list, or the string some files have it in.
   *
   * @throws CheckpointException if it is missing or no list of pairs
   */
  public static GridPinpoints read(ModelConfig config, int tile) {
    JsonNode list = config.json().path(KEY);
    if (list.isString()) {
      list = parsed(config, list.stringValue());
    }
    List<Pinpoint> pinpoints = new ArrayList<>();
    for (JsonNode pair : list) {
      if (pair.size() != 2 || !pair.path(0).isInt() || !pair.path(1).isInt()) {
        throw new CheckpointException(
            config.file() + ": key " + KEY + " must be a list of [width, height]: has " + pair);
      }
      pinpoints.add(new Pinpoint(pair.path(0).intValue(), pair.path(1).intValue()));
    }
    return new GridPinpoints(pinpoints, tile);
  }

  /** Python's way of writing a list of pairs; with tuples in it, it is still no JSON. */
  private static JsonNode parsed(ModelConfig config, String text) {
    try {
      return JsonMapper.shared().readTree(text.replace('(', '[').replace(')', ']'));
    } catch (JacksonException e) {
      throw new CheckpointException(
          config.file() + ": key " + KEY + " must be a list of [width, height]: was " + text, e);
    }
  }

  /** The best one of all for a picture of this size. */
  public TileLayout best(int width, int height) {
    return best(width, height, _ -> true).orElseThrow();
  }

  /**
   * The best one of those allowed: it keeps most of the picture's pixels, then wastes least of its
   * own, then stands earliest.
   *
   * @return empty when none is allowed
   */
  public Optional<TileLayout> best(int width, int height, Predicate<TileLayout> allowed) {
    Optional<TileLayout> best = Optional.empty();
    long mostKept = -1;
    long leastWaste = Long.MAX_VALUE;
    for (Pinpoint pinpoint : pinpoints) {
      long kept = kept(pinpoint, width, height);
      long waste = (long) pinpoint.width * pinpoint.height - kept;
      if (kept > mostKept || (kept == mostKept && waste < leastWaste)) {
        TileLayout layout =
            new TileLayout(pinpoint.width / tile, pinpoint.height / tile, width, height);
        if (allowed.test(layout)) {
          best = Optional.of(layout);
          mostKept = kept;
          leastWaste = waste;
        }
      }
    }
    return best;
  }

  /** Pixels of the picture that survive; in double, as the original computes. */
  private static long kept(Pinpoint pinpoint, int width, int height) {
    double scale = Math.min((double) pinpoint.width / width, (double) pinpoint.height / height);
    long resized = ((long) (width * scale)) * ((long) (height * scale));
    return Math.min(resized, (long) width * height);
  }
}
