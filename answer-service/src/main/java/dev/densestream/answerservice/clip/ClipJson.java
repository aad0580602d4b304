package dev.densestream.answerservice.clip;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.densestream.answerservice.AnswerEvent.Usage;
import dev.densestream.answerservice.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The JSON form of a {@link ClipResult}; fields are only ever added. */
final class ClipJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private ClipJson() {}

  static String write(ClipResult result) {
    return MAPPER.writeValueAsString(document(result)) + "\n";
  }

  private static Document document(ClipResult result) {
    boolean asked = result.question().isPresent();
    List<Text> texts = result.texts().stream().map(ClipJson::text).toList();
    return new Document(
        result.model(),
        result.extent().durationMicros(),
        result.extent().damaged(),
        frames(result),
        result.question().orElse(null),
        asked ? texts.getFirst() : null,
        asked ? List.of() : texts);
  }

  private static Frames frames(ClipResult result) {
    var counts = result.extent().frames();
    Map<String, Long> dropped = new TreeMap<>();
    counts
        .dropped()
        .forEach((reason, count) -> dropped.put(reason.name().toLowerCase(Locale.ROOT), count));
    return new Frames(counts.seen(), counts.sampled(), counts.gated(), dropped);
  }

  private static Text text(TimedText text) {
    return new Text(
        text.range().startMicros(),
        text.range().endMicros(),
        text.text(),
        text.finishReason().name().toLowerCase(Locale.ROOT),
        text.framePtsMicros(),
        text.usage(),
        text.verdict().map(verdict -> verdict.best().choice()).orElse(null),
        text.verdict().map(ClipJson::probabilities).orElse(null));
  }

  private static Map<String, Double> probabilities(Verdict verdict) {
    Map<String, Double> probabilities = new LinkedHashMap<>();
    verdict.shares().forEach(share -> probabilities.put(share.choice(), share.probability()));
    return probabilities;
  }

  private record Document(
      ClipResult.Model model,
      long durationMicros,
      boolean damaged,
      Frames frames,
      @Nullable String question,
      @Nullable Text answer,
      List<Text> captions) {}

  private record Frames(long seen, long sampled, long gated, Map<String, Long> dropped) {}

  private record Text(
      long startMicros,
      long endMicros,
      String text,
      String finishReason,
      List<Long> framePtsMicros,
      Usage usage,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String choice,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, Double> probabilities) {}
}
