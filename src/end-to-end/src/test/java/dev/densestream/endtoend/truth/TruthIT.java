package dev.densestream.endtoend.truth;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.AnswerFormat;
import dev.densestream.answerservice.Question;
import dev.densestream.endtoend.badinput.StandaloneService;
import dev.densestream.ingest.ClusterSettings;
import dev.densestream.ingest.Segment;
import dev.densestream.ingest.TopicCluster;
import dev.densestream.ingest.TopicRecord;
import dev.densestream.trainer.video.ClipFormat;
import dev.densestream.trainer.video.Codec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Films of the world that nobody has seen go through Kafka into the built jar, and what it answers
 * with the model that comes along is what was filmed.
 */
class TruthIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /**
   * Answers that must be right: what the model reaches, the aim of 0.9, less what rounding on
   * another processor may change.
   */
  private static final double REQUIRED = 0.85;

  /** Captions of one sentence that must be true: the same. */
  private static final double REQUIRED_CAPTIONS = 0.85;

  /** By how much more of the answers must be right of what was filmed than of other scenes. */
  private static final double MARGIN = 0.25;

  /** More than guessing gets: half of all scenes at most have the same answer. */
  static final double CHANCE = 0.6;

  static final List<Film> FILMS =
      List.of(
          Film.of(
              "stars",
              4711,
              new ClipFormat(320, 240, 24, 350_000, Codec.H264),
              Map.of(
                  "colour", "What colour is the star?",
                  "moves", "Is the star moving?",
                  "way", "Which way does the star move?"),
              Map.of(
                  "moves",
                  new AnswerFormat.YesNo(),
                  "way",
                  new AnswerFormat.Choices(List.of("left", "right", "up", "down", "nowhere")))),
          Film.of(
              "crowd",
              4712,
              new ClipFormat(256, 144, 10, 200_000, Codec.MPEG4),
              Map.of("count", "How many objects are there?", "circle", "Is there a circle?"),
              Map.of("circle", new AnswerFormat.YesNo())));

  @TempDir private Path folder;

  @Test
  void answersAreWhatWasFilmed() throws IOException {
    Marks truth = new Marks(0);
    Marks another = new Marks(6);
    try (StandaloneService service = StandaloneService.start(folder.resolve("service.log"));
        TopicCluster cluster =
            TopicCluster.connect(
                ClusterSettings.external(service.bootstrapServers()), new SimpleMeterRegistry())) {
      for (Film film : FILMS) {
        set(cluster, film);
        Awaitility.await()
            .atMost(PATIENCE)
            .until(
                () ->
                    service.web("/api/questions").contains(film.happens())
                        && service.web("/api/streams").contains(film.stream().value()));
        for (Segment segment : film.segments(folder)) {
          cluster.publish(segment).block(PATIENCE);
        }
      }
      for (JsonNode answer : answers(cluster)) {
        assertThat(answer.at("/data/outcome").asString())
            .as(answer.toString())
            .isEqualTo("answered");
        Film film = film(answer);
        truth.mark(film, answer);
        another.mark(film, answer);
      }
    }

    assertThat(truth.right()).as(truth.toString()).isGreaterThanOrEqualTo(REQUIRED);
    assertThat(truth.trueCaptions()).as(truth.toString()).isGreaterThanOrEqualTo(REQUIRED_CAPTIONS);
    // The control: of other scenes the same answers are as right as guesses.
    assertThat(another.right()).isLessThan(truth.right() - MARGIN);
    assertThat(another.trueCaptions()).isLessThan(CHANCE);
  }

  private static void set(TopicCluster cluster, Film film) {
    put(cluster, cluster.topics().streams(), film.stream().value(), film.definition().toJson());
    for (Question question : film.standing()) {
      put(cluster, cluster.topics().questions(), question.id(), question.toJson());
    }
  }

  private static void put(TopicCluster cluster, String topic, String key, byte[] json) {
    cluster.publish(new TopicRecord(topic, key, json, Map.of())).block(PATIENCE);
  }

  private static List<JsonNode> answers(TopicCluster cluster) {
    int expected =
        FILMS.stream().mapToInt(f -> f.standing().size() * f.reel().scenes().size()).sum();
    return requireNonNull(
        cluster
            .tail(cluster.topics().answers(), Map.of(), TopicCluster.Start.EARLIEST)
            .map(record -> JsonMapper.shared().readTree(requireNonNull(record.value())))
            .take(expected)
            .collectList()
            .block(PATIENCE));
  }

  private static Film film(JsonNode answer) {
    String stream = answer.at("/data/stream").asString();
    return FILMS.stream()
        .filter(film -> film.stream().value().equals(stream))
        .findFirst()
        .orElseThrow();
  }
}
