package dev.densestream.endtoend.truth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.densestream.trainer.language.CaptionCheck;
import dev.densestream.trainer.world.Facts;
import dev.densestream.trainer.world.Split;
import dev.densestream.trainer.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The recorded clip of the demo: its record, which comes with the application, names the scenes
 * that were filmed, and captions are compared with what happens in them.
 */
public final class DemoClip {
  /** In the demo's folder, without its ending. */
  public static final String NAME = "demo-events";

  /** Of the world that {@code src/trainer/demo/reels.sh} filmed. */
  private static final long SEED = 14;

  private final List<JsonNode> scenes;

  private DemoClip(List<JsonNode> scenes) {
    this.scenes = List.copyOf(scenes);
  }

  /** As its record says. */
  public static DemoClip read() throws IOException {
    try (InputStream in = DemoClip.class.getResourceAsStream("/demo/" + NAME + ".jsonl")) {
      String lines = new String(requireNonNull(in).readAllBytes(), UTF_8);
      return new DemoClip(lines.lines().map(JsonMapper.shared()::readTree).toList());
    }
  }

  List<JsonNode> scenes() {
    return scenes;
  }

  /**
   * Those of a clip's captions that say something of the scene before the camera in the frames seen
   * that is not true, with their times.
   *
   * @param scenesFurther 0 for the scene filmed; else captions are taken for those of the scene
   *     that many behind it
   */
  public List<String> untrue(JsonNode captions, int scenesFurther) {
    List<String> untrue = new ArrayList<>();
    for (JsonNode caption : captions) {
      int filmed = filmed(caption.path("startMicros").asLong());
      JsonNode scene = scenes.get((filmed + scenesFurther) % scenes.size());
      Facts facts = facts(scene, times(caption, scenes.get(filmed).path("start").asDouble()));
      String said = caption.path("text").asString("");
      if (!CaptionCheck.check(said, facts).stream().allMatch(CaptionCheck.Verdict::holds)) {
        untrue.add(caption.path("startMicros") + ": " + said + " (scene: " + scene + ")");
      }
    }
    return untrue;
  }

  private static Facts facts(JsonNode scene, double... times) {
    long index = scene.path("scene").asLong();
    double seconds = scene.path("end").asDouble() - scene.path("start").asDouble();
    return Facts.of(World.objects(Split.TEST, SEED, index, seconds), times);
  }

  private int filmed(long micros) {
    for (int i = 0; i < scenes.size(); i++) {
      if (micros < 1e6 * scenes.get(i).path("end").asDouble()) {
        return i;
      }
    }
    throw new IllegalArgumentException("nothing was filmed at " + micros);
  }

  /** Of the frames that were seen, in seconds of the scene. */
  private static double[] times(JsonNode caption, double start) {
    JsonNode frames = caption.path("framePtsMicros");
    return LongStream.range(0, frames.size())
        .mapToDouble(i -> frames.get((int) i).asLong() / 1e6 - start)
        .toArray();
  }
}
