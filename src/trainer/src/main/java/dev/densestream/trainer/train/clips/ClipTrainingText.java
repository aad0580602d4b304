package dev.densestream.trainer.train.clips;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.zip.CRC32;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a training on clips follows, as the text that it may be gone on with by. */
final class ClipTrainingText {
  private static final JsonMapper JSON = JsonMapper.shared();

  private ClipTrainingText() {}

  /** Changes when any line does. */
  private static String told(List<ClipLine> lines) {
    CRC32 sum = new CRC32();
    for (ClipLine line : lines) {
      String text = line.video() + "\n" + line.question().orElse("") + "\n" + line.answer() + "\n";
      sum.update(text.getBytes(UTF_8));
    }
    return Long.toHexString(sum.getValue());
  }

  static String of(ClipTraining training, List<ClipLine> lines) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("model", training.model().toString())
            .put("clips", training.clips().toString())
            .put("lines", lines.size())
            .put("told", told(lines))
            .put("fresh", training.fresh())
            .put("epochs", training.epochs())
            .put("batch", training.batch())
            .put("rate", training.rate())
            .put("heldOut", training.heldOut())
            .put("seed", training.seed());
    training.prompt().ifPresent(prompt -> json.put("prompt", prompt));
    training.frames().ifPresent(frames -> json.put("frames", frames));
    training.precision().ifPresent(precision -> json.put("precision", precision.name()));
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
  }
}
