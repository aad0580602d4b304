package dev.densestream.trainer.video;

import static java.util.Objects.requireNonNull;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Clips of the same kinds of objects as the synthetic world has, drawn by Java's own graphics and
 * nothing of the world's renderer, with questions whose answers follow from how they were drawn.
 */
public final class Java2dClips {
  private static final int SECONDS = 4;
  private static final List<String> SIDES = List.of("left", "right");
  private static final List<String> WAYS = List.of("left", "right", "up", "down", "nowhere");
  private static final List<String> COUNTS = List.of("0", "1", "2", "3", "4", "5");
  private static final List<String> YES_NO = List.of("yes", "no");
  private static final Map<String, Color> COLOURS = colours();
  private static final Map<String, Supplier<Shape>> SHAPES = shapes();

  private final Random random;
  private final JsonMapper json = JsonMapper.shared();
  private final List<ObjectNode> questions = new ArrayList<>();

  private Java2dClips(long seed) {
    random = new Random(seed);
  }

  private static Map<String, Color> colours() {
    Map<String, Color> colours = new LinkedHashMap<>();
    colours.put("red", new Color(0xd8, 0x24, 0x2a));
    colours.put("orange", new Color(0xff, 0x8c, 0x1a));
    colours.put("yellow", new Color(0xf5, 0xdc, 0x28));
    colours.put("green", new Color(0x2c, 0x9c, 0x3e));
    colours.put("blue", new Color(0x22, 0x4c, 0xd4));
    colours.put("purple", new Color(0x86, 0x30, 0xb0));
    colours.put("white", new Color(0xfa, 0xfa, 0xfa));
    colours.put("black", new Color(0x10, 0x10, 0x10));
    return colours;
  }

  private static Map<String, Supplier<Shape>> shapes() {
    Map<String, Supplier<Shape>> shapes = new LinkedHashMap<>();
    shapes.put("circle", () -> new Ellipse2D.Double(-1, -1, 2, 2));
    shapes.put("square", () -> new Rectangle2D.Double(-0.85, -0.85, 1.7, 1.7));
    shapes.put("triangle", () -> corners(-Math.PI / 2, 1, 1, 3));
    shapes.put("star", () -> corners(-Math.PI / 2, 1, 0.42, 10));
    shapes.put("cross", Java2dClips::cross);
    shapes.put("diamond", () -> path(0, -1, 0.7, 0, 0, 1, -0.7, 0));
    shapes.put("ring", Java2dClips::ring);
    return shapes;
  }

  private static Shape corners(double first, double far, double near, int count) {
    double[] points = new double[2 * count];
    for (int i = 0; i < count; i++) {
      double radius = i % 2 == 0 ? far : near;
      points[2 * i] = radius * Math.cos(first + 2 * Math.PI * i / count);
      points[2 * i + 1] = radius * Math.sin(first + 2 * Math.PI * i / count);
    }
    return path(points);
  }

  private static Shape path(double... points) {
    Path2D path = new Path2D.Double();
    path.moveTo(points[0], points[1]);
    for (int i = 2; i < points.length; i += 2) {
      path.lineTo(points[i], points[i + 1]);
    }
    path.closePath();
    return path;
  }

  private static Shape cross() {
    Area area = new Area(new Rectangle2D.Double(-0.3, -1, 0.6, 2));
    area.add(new Area(new Rectangle2D.Double(-1, -0.3, 2, 0.6)));
    return area;
  }

  private static Shape ring() {
    Area area = new Area(new Ellipse2D.Double(-1, -1, 2, 2));
    area.subtract(new Area(new Ellipse2D.Double(-0.55, -0.55, 1.1, 1.1)));
    return area;
  }

  /**
   * What an object does, in shares of the picture and of the clip.
   *
   * @param later colour from the clip's middle on
   */
  private record Deed(double dx, double dy, double from, double to, String later) {
    static Deed none(String colour) {
      return new Deed(0, 0, 0, 1, colour);
    }

    /** Of the whole way, from -0.5 to 0.5. */
    double done(double share) {
      return Math.clamp((share - from) / (to - from), 0, 1) - 0.5;
    }
  }

  /** An object; places in shares of the picture, its size in shares of the shorter side. */
  private record Thing(String shape, String colour, double x, double y, double radius, Deed deed) {
    boolean moves() {
      return deed.dx != 0 || deed.dy != 0;
    }

    boolean turns() {
      return !deed.later.equals(colour);
    }

    boolean shows(String wanted) {
      return colour.equals(wanted) || deed.later.equals(wanted);
    }

    String way() {
      if (!moves()) {
        return "nowhere";
      }
      return deed.dx != 0 ? (deed.dx < 0 ? "left" : "right") : (deed.dy < 0 ? "up" : "down");
    }

    String name() {
      return colour + " " + shape;
    }
  }

  /**
   * Writes clips and {@code questions.jsonl}.
   *
   * @param offset how many clips further on a clip's questions are asked; 0 asks them of itself
   */
  public static void write(Path folder, int clips, int offset, long seed) throws IOException {
    Java2dClips all = new Java2dClips(seed);
    for (int i = 0; i < clips; i++) {
      List<Thing> things = all.things(i);
      all.film(things, folder.resolve("clip-" + i + ".mp4"), i);
      all.ask(things, "clip-" + (i + offset) % clips + ".mp4");
    }
    Files.write(
        folder.resolve("questions.jsonl"),
        all.questions.stream().map(ObjectNode::toString).toList());
  }

  /** In every third clip two move, one after the other; in every other third one may turn. */
  private List<Thing> things(int clip) {
    List<String> shapes = new ArrayList<>(SHAPES.keySet());
    List<String> colours = new ArrayList<>(COLOURS.keySet());
    Collections.shuffle(shapes, random);
    Collections.shuffle(colours, random);
    boolean race = clip % 3 == 1;
    int count = race ? 2 : 1 + random.nextInt(3);
    // Each in a third of the picture of its own, so that none is before another.
    List<Integer> thirds = new ArrayList<>(List.of(0, 1, 2));
    Collections.shuffle(thirds, random);
    int mover = random.nextInt(2 * count);
    int turner = clip % 3 == 2 ? random.nextInt(count) : -1;
    List<Thing> things = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double x = (thirds.get(i) + 0.5) / 3 + (random.nextDouble() - 0.5) * 0.06;
      double y = 0.25 + 0.5 * random.nextDouble();
      double radius = 0.11 + 0.06 * random.nextDouble();
      String colour = colours.get(i);
      Deed deed = Deed.none(colour);
      if (race) {
        y = 0.5;
        deed = new Deed(0, upOrDown(), 0.15 + 0.4 * i, 0.45 + 0.4 * i, colour);
      } else if (i == turner) {
        deed = new Deed(0, 0, 0, 1, colours.get(count));
      } else if (i == mover && count == 1 && random.nextBoolean()) {
        x = 0.5;
        deed = new Deed(random.nextBoolean() ? 0.5 : -0.5, 0, 0, 1, colour);
      } else if (i == mover) {
        y = 0.5;
        deed = new Deed(0, upOrDown(), 0, 1, colour);
      }
      things.add(new Thing(shapes.get(i), colour, x, y, radius, deed));
    }
    return things;
  }

  private double upOrDown() {
    return random.nextBoolean() ? 0.45 : -0.45;
  }

  private void film(List<Thing> things, Path file, int index) throws IOException {
    int[][] sizes = {{320, 240}, {384, 216}, {256, 256}, {480, 270}};
    int[] size = sizes[index % sizes.length];
    ClipFormat format = new ClipFormat(size[0], size[1], 10, 300_000, Codec.H264);
    Color back = background(things);
    try (Mp4Encoder encoder = new Mp4Encoder(file, format)) {
      for (int frame = 0; frame < SECONDS * format.framesPerSecond(); frame++) {
        double share = frame / (double) (SECONDS * format.framesPerSecond() - 1);
        encoder.add(rgb(picture(things, size[0], size[1], share, back)), false);
      }
      encoder.finish();
    }
  }

  /** Light, dark or between, whatever no object has. */
  private Color background(List<Thing> things) {
    boolean white = things.stream().anyMatch(thing -> thing.shows("white"));
    boolean black = things.stream().anyMatch(thing -> thing.shows("black"));
    int level = white && black ? 120 : white ? 70 : black ? 190 : 90 + random.nextInt(90);
    return new Color(level, level + random.nextInt(12), level + random.nextInt(20));
  }

  private static BufferedImage picture(
      List<Thing> things, int width, int height, double share, Color back) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setPaint(new GradientPaint(0, 0, back, width, height, back.darker()));
    graphics.fillRect(0, 0, width, height);
    for (Thing thing : things) {
      double x = thing.x() + thing.deed().done(share) * thing.deed().dx();
      double y = thing.y() + thing.deed().done(share) * thing.deed().dy();
      AffineTransform place = AffineTransform.getTranslateInstance(x * width, y * height);
      place.scale(
          thing.radius() * Math.min(width, height), thing.radius() * Math.min(width, height));
      graphics.setColor(COLOURS.get(share < 0.5 ? thing.colour() : thing.deed().later()));
      graphics.fill(place.createTransformedShape(requireNonNull(SHAPES.get(thing.shape())).get()));
    }
    graphics.dispose();
    return image;
  }

  private static byte[] rgb(BufferedImage image) {
    byte[] rgb = new byte[3 * image.getWidth() * image.getHeight()];
    for (int i = 0; i < rgb.length / 3; i++) {
      int pixel = image.getRGB(i % image.getWidth(), i / image.getWidth());
      rgb[3 * i] = (byte) (pixel >> 16);
      rgb[3 * i + 1] = (byte) (pixel >> 8);
      rgb[3 * i + 2] = (byte) pixel;
    }
    return rgb;
  }

  private void ask(List<Thing> things, String video) {
    for (Thing thing : things) {
      if (thing.turns()) {
        String becomes = "What colour does the " + thing.shape() + " become?";
        ask(video, "change", becomes, thing.deed().later(), COLOURS);
      } else {
        ask(video, "colour", "What colour is the " + thing.shape() + "?", thing.colour(), COLOURS);
        String shape = "What shape is the " + thing.colour() + " object?";
        ask(video, "shape", shape, thing.shape(), SHAPES);
      }
      ask(video, "motion", "Does the " + thing.shape() + " move?", yes(thing.moves()), YES_NO);
      if (thing.moves()) {
        ask(
            video,
            "direction",
            "Which way does the " + thing.shape() + " move?",
            thing.way(),
            WAYS);
      } else if (!thing.turns() && Math.abs(thing.x() - 0.5) > 0.2) {
        String side = thing.x() < 0.5 ? "left" : "right";
        String question = "Is the " + thing.name() + " on the left or on the right?";
        ask(video, "position", question, side, SIDES);
      }
    }
    if (things.size() == 2 && things.stream().allMatch(Thing::moves)) {
      String first = things.getFirst().name();
      String second = things.getLast().name();
      List<String> choices = random.nextBoolean() ? List.of(first, second) : List.of(second, first);
      String question = "Which moves first: the %s or the %s?".formatted(choices.toArray());
      ask(video, "order", question, first, choices);
    }
    ask(video, "presence", "Is there a " + things.getFirst().name() + "?", "yes", YES_NO);
    ask(video, "presence", "Is there a " + absent(things) + "?", "no", YES_NO);
    String count = String.valueOf(things.size());
    ask(video, "count", "How many objects are there?", count, COUNTS);
  }

  private static String absent(List<Thing> things) {
    List<String> shapes = new ArrayList<>(SHAPES.keySet());
    things.forEach(thing -> shapes.remove(thing.shape()));
    return things.getFirst().colour() + " " + shapes.getFirst();
  }

  private static String yes(boolean so) {
    return so ? "yes" : "no";
  }

  private void ask(String video, String type, String question, String answer, Map<String, ?> of) {
    ask(video, type, question, answer, List.copyOf(of.keySet()));
  }

  private void ask(
      String video, String type, String question, String answer, List<String> choices) {
    ObjectNode line =
        json.createObjectNode()
            .put("video", video)
            .put("question", question)
            .put("answer", answer)
            .put("type", type);
    choices.forEach(line.putArray("choices")::add);
    questions.add(line);
  }
}
