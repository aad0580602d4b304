package dev.densestream.answerservice.live;

import static dev.densestream.answerservice.live.LiveRig.SECOND;
import static dev.densestream.answerservice.live.LiveRig.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.Answer;
import dev.densestream.answerservice.DeadLetter;
import dev.densestream.answerservice.Progress;
import dev.densestream.answerservice.Question;
import dev.densestream.answerservice.StreamActivity;
import dev.densestream.answerservice.window.ClosedWindow;
import dev.densestream.answerservice.window.TakenSegment;
import dev.densestream.framesampler.FrameCounts;
import dev.densestream.ingest.PtsRange;
import dev.densestream.ingest.RecordPosition;
import dev.densestream.ingest.StreamDefinition;
import dev.densestream.ingest.StreamId;
import dev.densestream.ingest.TopicTable;
import dev.densestream.visionpipeline.VisualTokens;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class StreamWindowsTest {
  private final Fixed<Question> questions = new Fixed<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final StreamActivity activity = new StreamActivity(Clock.systemUTC());

  @Test
  void makesADeadLetter_ofARecordThatBreaksItsWindows_andGoesOn() {
    ask(1);
    StreamWindows windows = windows();
    questions.broken = true;
    Work broken = windows.accept(taken("cam", 0, 1, 1));
    questions.broken = false;
    Work next = windows.accept(taken("cam", 1, 1, 1));

    assertThat(broken.letters())
        .extracting(letter -> letter.cause().code())
        .containsExactly("segment_broken");
    assertThat(broken.done()).extracting(RecordPosition::offset).containsExactly(0L);
    assertThat(next.letters()).isEmpty();
    assertThat(next.windows())
        .extracting(ClosedWindow::range)
        .containsExactly(new PtsRange(SECOND, 2 * SECOND));
    assertThat(next.done()).extracting(RecordPosition::offset).containsExactly(1L);
  }

  private void ask(int seconds) {
    questions.content = Map.of("q", LiveRig.question("q", 1, seconds));
  }

  private StreamWindows windows() {
    StandingQuestions standing = new StandingQuestions(questions, new Fixed<StreamDefinition>());
    return new StreamWindows(standing, new Fixed<Progress>(), activity, new LiveMetrics(meters), 1);
  }

  /** So many seconds from {@code second} on, with so many frames each. */
  private static TakenRecord taken(String stream, int second, int seconds, int framesPerSecond) {
    RecordPosition position = new RecordPosition("segments", 0, second, 1);
    List<VisualTokens> frames = new ArrayList<>();
    for (int frame = 0; frame < seconds * framesPerSecond; frame++) {
      long pts = second * SECOND + frame * SECOND / framesPerSecond;
      frames.add(new VisualTokens(pts, 1, 1, new float[1]));
    }
    FrameCounts counts = new FrameCounts(frames.size(), frames.size(), 0, Map.of());
    PtsRange range = new PtsRange(second * SECOND, (second + seconds) * SECOND);
    TakenSegment segment =
        new TakenSegment(
            position,
            "run",
            second,
            false,
            START,
            range,
            new TakenSegment.Content(range.durationMicros(), frames, counts, false));
    return new TakenRecord(
        position,
        Optional.of(
            new TakenRecord.Taken(
                new StreamId(stream),
                segment,
                null,
                cause ->
                    new DeadLetter(Answer.Source.stream(stream), cause, position, 1, "", START))),
        List.of());
  }

  /** A table that is what it is told. */
  private static final class Fixed<V> implements TopicTable<V> {
    Map<String, V> content = Map.of();
    boolean broken;

    @Override
    public Optional<V> find(String key) {
      return Optional.ofNullable(snapshot().get(key));
    }

    @Override
    public Map<String, V> snapshot() {
      if (broken) {
        throw new IllegalStateException("broken");
      }
      return content;
    }

    @Override
    public Mono<Void> caughtUp() {
      return Mono.empty();
    }

    @Override
    public Flux<String> changes() {
      return Flux.never();
    }

    @Override
    public void close() {}
  }
}
