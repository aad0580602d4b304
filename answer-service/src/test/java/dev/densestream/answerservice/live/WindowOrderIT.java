package dev.densestream.answerservice.live;

import static dev.densestream.answerservice.live.LiveRig.SECOND;
import static dev.densestream.answerservice.live.LiveRig.question;
import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.answerservice.AnswerModel;
import dev.densestream.answerservice.Progress;
import dev.densestream.answerservice.live.LiveRig.Seen;
import dev.densestream.ingest.PtsRange;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Sinks;

/** What a tick ends and what a segment ends is settled in the order in which it ended. */
@Timeout(120)
class WindowOrderIT {
  @AutoClose private static LiveParts live;

  @BeforeAll
  static void open() throws IOException {
    live = new LiveParts();
  }

  @RepeatedTest(3)
  void settlesInOrder_whatSilenceAndSegmentsEnded_whileTheModelWasBusy() {
    Sinks.Empty<Void> gate = Sinks.empty();
    settlesInOrder(gate, false);
  }

  @RepeatedTest(1)
  void settlesInOrder_whileTheModelIsFree() {
    Sinks.Empty<Void> gate = Sinks.empty();
    gate.tryEmitEmpty().orThrow();
    settlesInOrder(gate, true);
  }

  private static void settlesInOrder(Sinks.Empty<Void> gate, boolean free) {
    AtomicBoolean asked = new AtomicBoolean();
    AnswerModel gated =
        ModelDoubles.answering(
            live.model,
            answer -> {
              asked.set(true);
              return gate.asMono().thenMany(answer);
            });
    try (LiveRig rig = LiveRig.start(live.parts.with(gated).withIdleTicks(8))) {
      rig.ask(question("q", 1, 1));
      rig.recordAt("camera", 0, new PtsRange(0, SECOND / 2));
      rig.awaitTaken(1);
      rig.record("other", 0, 1);
      LiveRig.awaitUntil(asked::get);
      assertThat(rig.heldBytes()).as("the camera's window is open").isPositive();
      LiveRig.awaitUntil(() -> rig.heldBytes() == 0); // silence has ended it
      rig.record("camera", 1, 2);
      rig.awaitDecoded(3);
      if (!free) {
        gate.tryEmitEmpty().orThrow();
      }

      assertThat(rig.answers(3))
          .filteredOn(seen -> seen.stream().equals("camera"))
          .extracting(Seen::second)
          .containsExactly(0L, 1L);
      rig.awaitNoLag();
      assertThat(rig.progress("camera").marks())
          .extracting(Progress.Mark::nextStartMicros)
          .containsExactly(2 * SECOND);
    }
  }
}
