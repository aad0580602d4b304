package dev.densestream.endtoend.restart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.densestream.ingest.ClusterSettings;
import dev.densestream.ingest.TopicCluster;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The service is killed with signal 9, or asked to end, in the middle of windows and started again;
 * whoever reads committed answers sees each window's record exactly once, in order, and nothing is
 * left behind.
 */
class KillRestartIT {
  private static final int[] ANSWERS_AT_END = {2, 9, 16};
  private static final int ANSWERS_AT_TERM = 9;

  @Test
  void givesEachWindowExactlyOneRecord_whenEndedInMidWindow() throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "kill-restart"));
    Path log = folder.resolve("service.log");
    try (BrokerProcess broker = BrokerProcess.start(folder.resolve("broker.log"));
        TopicCluster cluster = connect(broker)) {
      Cameras cameras = Cameras.open(cluster);
      int second = 0;
      for (int answers : ANSWERS_AT_END) {
        second += 7; // never the end of all windows
        try (ServiceProcess service = ServiceProcess.start(broker.bootstrapServers(), "0", log)) {
          cameras.recordUntil(second);
          cameras.awaitAnswers(answers);
          end(service, answers == ANSWERS_AT_TERM);
        }
        assertThat(cameras.lag()).as("segments of open windows are kept back").isPositive();
      }
      cameras.recordUntil(26);
      try (ServiceProcess service = ServiceProcess.start(broker.bootstrapServers(), "0", log)) {
        cameras.awaitAnswers(cameras.expected().size());
        cameras.awaitNoLag();
        assertThat(service.stop()).as("exit status after SIGTERM").isIn(0, 143);
      }
      expectExactlyOnce(cameras, cameras.answers());
    }
  }

  private static void end(ServiceProcess service, boolean asked) {
    if (asked) {
      assertThat(service.stop()).as("exit status after SIGTERM").isIn(0, 143);
    } else {
      service.kill();
    }
  }

  /** Stopped until its partitions are another's, then let go on: its late commits are refused. */
  @Test
  void refusesCommitsOfAZombie() throws IOException {
    try (Zombie zombie = Zombie.open("zombie")) {
      for (int round = 0; round < 3; round++) {
        zombie.stopAndWake(round);
      }
      zombie.cameras().awaitAllWindows();
      zombie.cameras().awaitNoLag();
      expectExactlyOnce(zombie.cameras(), zombie.cameras().answers());
    }
  }

  /**
   * The control: the same course with settlements that leave out the group's metadata must show
   * duplicates, or the tests above prove nothing. Whether a stop hits the moment between answering
   * and committing is chance, hence the rounds.
   */
  @Test
  void showsDuplicates_whenSettlementsLeaveOutTheGroupMetadata() throws IOException {
    try (Zombie zombie =
        Zombie.open("control", "densestream.fault.settlement=without-group-metadata")) {
      Optional<Observed> duplicate = Optional.empty();
      for (int round = 0; round < 12 && duplicate.isEmpty(); round++) {
        zombie.stopAndWake(round);
        duplicate = zombie.cameras().awaitDuplicate(Duration.ofSeconds(3));
      }
      assertThat(duplicate).as("a window with two visible records").isPresent();
    }
  }

  private static void expectExactlyOnce(Cameras cameras, List<Observed> answers) {
    assertThat(answers)
        .extracting(Observed::coordinates)
        .containsExactlyInAnyOrderElementsOf(cameras.expected());
    assertThat(answers).extracting(Observed::id).doesNotHaveDuplicates();
    assertThat(answers).extracting(Observed::outcome).containsOnly("answered");
    Map<String, List<Long>> starts =
        answers.stream()
            .collect(
                Collectors.groupingBy(
                    answer -> answer.stream() + " " + answer.question(),
                    Collectors.mapping(Observed::startMicros, Collectors.toList())));
    assertThat(starts.values()).allSatisfy(inOrder -> assertThat(inOrder).isSorted());
  }

  static TopicCluster connect(BrokerProcess broker) {
    return TopicCluster.connect(
        ClusterSettings.external(broker.bootstrapServers()), new SimpleMeterRegistry());
  }
}
