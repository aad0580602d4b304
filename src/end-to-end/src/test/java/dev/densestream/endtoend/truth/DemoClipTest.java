package dev.densestream.endtoend.truth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Who says what the clip's record says passes; who says it of other scenes does not. */
class DemoClipTest {
  private static final long WINDOW_MICROS = 4_000_000;
  private static final long FRAME_MICROS = 500_000;

  @Test
  void takesWhatTheRecordSays_andNotOfOtherScenes() throws IOException {
    DemoClip clip = DemoClip.read();
    ArrayNode captions = JsonMapper.shared().createArrayNode();
    for (JsonNode scene : clip.scenes()) {
      for (JsonNode event : scene.path("events")) {
        caption(captions, event);
      }
    }

    assertThat(captions.size()).isGreaterThan(15);
    assertThat(clip.untrue(captions, 0)).isEmpty();
    for (int further = 1; further < clip.scenes().size(); further++) {
      assertThat(clip.untrue(captions, further)).hasSizeGreaterThan(captions.size() / 2);
    }
  }

  @Test
  void takesNothingThatStatesNothing() throws IOException {
    ArrayNode captions = JsonMapper.shared().createArrayNode();
    caption(captions, JsonMapper.shared().readTree("{\"seconds\": 1, \"text\": \"\"}"));

    assertThat(DemoClip.read().untrue(captions, 0)).hasSize(1);
  }

  /** As the service tells it, of the window that an event is in. */
  private static void caption(ArrayNode captions, JsonNode event) {
    long window = (long) (event.path("seconds").asDouble() * 1e6) / WINDOW_MICROS * WINDOW_MICROS;
    ObjectNode caption = captions.addObject();
    caption.put("startMicros", window).put("text", event.path("text").asString());
    ArrayNode frames = caption.putArray("framePtsMicros");
    for (long at = 0; at < WINDOW_MICROS; at += FRAME_MICROS) {
      frames.add(window + at);
    }
  }
}
