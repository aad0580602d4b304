package dev.densestream.answerservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.densestream.visionpipeline.Precision;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Pins names and defaults: changing one is a decision, and the manual has to follow. */
class DenseStreamPropertiesTest {
  @Test
  void hasTheseDefaults_whenNothingIsSet() {
    assertThat(bind(Map.of()).toString())
        .isEqualToIgnoringWhitespace(
            """
            DenseStreamProperties[roles=[INGEST, ANSWER], demo=false,
            model=Model[path=null, conversation=null, precision=null,
              tokenReduction=null, videoPooling=null, visionTowers=[], device=cpu, threads=0,
              slots=8, queue=64, kvCache=2147483648B, callLimit=PT10M],
            kafka=Kafka[bootstrapServers=, dataDir=null, port=0, groupId=densestream-answers,
              clipGroupId=densestream-clips, instanceId=0, sessionTimeout=PT10S, queue=67108864B,
              topics=Topics[segments=video.segments, streams=video.streams,
              questions=video.questions, clips=video.clips, answers=video.answers,
              deadLetters=video.dead-letters, progress=video.progress,
              clipOutcomes=video.clip-outcomes], client={}],
            decoder=Decoder[children=2, memory=3221225472B, maxBytes=4294967296B,
              maxPixels=16777216, maxFrames=1000000, silence=PT20S, decoding=PT15M],
            windows=Windows[decodeAhead=2, encodeAhead=8, frameBytes=268435456B,
              tokenBytes=1073741824B, answerAhead=4,
              answerDeadline=PT1M, idle=PT10S, latestWithin=PT10S],
            clips=Clips[dataDir=null, shared=false, maxBytes=1073741824B, maxStored=10737418240B,
              concurrency=1, queued=32, retention=PT24H],
            fetch=Fetch[folders=[], hosts=[], privateHosts=[], maxBytes=536870912B]]
            """
                .replace("[INGEST, ANSWER]", bind(Map.of()).roles().toString()));
    assertThat(bind(Map.of()).roles()).containsExactlyInAnyOrder(Role.INGEST, Role.ANSWER);
  }

  @Test
  void readsNamesAsTheManualSpellsThem() {
    DenseStreamProperties properties =
        bind(
            Map.of(
                "densestream.roles", "answer",
                "densestream.model.path", "models/llava",
                "densestream.kafka.bootstrap-servers", "kafka:9092",
                "densestream.kafka.client[security.protocol]", "SASL_SSL",
                "densestream.windows.answer-deadline", "5s"));

    assertThat(properties.roles()).containsExactly(Role.ANSWER);
    assertThat(properties.model().path()).isEqualTo(Path.of("models/llava"));
    assertThat(properties.kafka().embedded()).isFalse();
    assertThat(properties.kafka().client()).containsEntry("security.protocol", "SASL_SSL");
    assertThat(properties.windows().answerDeadline()).hasSeconds(5);
  }

  /** Whoever only captures may be told what those who answer are told. */
  @Test
  void refusesFloat16OnAProcessor_beforeAnythingStarts() {
    Map<String, String> fine = Map.of("densestream.model.precision", "fp16");

    assertThatThrownBy(() -> bind(fine))
        .rootCause()
        .hasMessage("precision fp16 is for a GPU: on a processor choose bf16");
    assertThat(bind(with(fine, "densestream.model.device", "gpu0")).model().precision())
        .isEqualTo(Precision.FP16);
    assertThat(bind(with(fine, "densestream.roles", "ingest")).model().precision())
        .isEqualTo(Precision.FP16);
    assertThat(bind(with(fine, "densestream.model.precision", "bf16")).model().precision())
        .isEqualTo(Precision.BF16);
  }

  private static Map<String, String> with(Map<String, String> all, String name, String value) {
    Map<String, String> more = new HashMap<>(all);
    more.put(name, value);
    return more;
  }

  /** Every setting stands in the comments of application.yaml, under its kebab-case name. */
  @Test
  void isExplainedInTheManual() throws Exception {
    String manual =
        Files.readString(Path.of("src/main/resources/application.yaml"), StandardCharsets.UTF_8);
    List<String> missing = new ArrayList<>();
    for (var component : DenseStreamProperties.class.getRecordComponents()) {
      expect(manual, component.getName(), missing);
      if (component.getType().isRecord()) {
        for (var setting : component.getType().getRecordComponents()) {
          expect(manual, setting.getName(), missing);
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  private static void expect(String manual, String name, List<String> missing) {
    String kebab = name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    if (manual.lines().noneMatch(line -> line.matches("# +" + kebab + ":.*"))) {
      missing.add(kebab);
    }
  }

  private static DenseStreamProperties bind(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("densestream", DenseStreamProperties.class);
  }
}
